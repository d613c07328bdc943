import { describe, expect, it } from 'vitest';
import { ingestSources, RecordError, type SourceSpec } from '../../domain/record/index.js';
import { BAD_INPUTS, FIELDS, type BadInput } from '../support/bad-inputs.js';
import { memoryFile } from '../support/memory-file.js';

const policy = {
  maxBadRowShare: 1,
  quarantineTtlDays: 30,
  minContentChars: 4,
  maxContentChars: 800,
  shardRecords: 16,
  shardBytes: 2 ** 21,
};

const spec: SourceSpec = {
  name: 'tickets',
  path: 'any',
  format: 'auto',
  shape: 'prompt',
  fields: FIELDS,
};
const good = memoryFile('good.jsonl', Buffer.from('{"q":"good","a":"good"}\n'));

interface Outcome {
  readonly result: string | readonly string[];
  readonly said: string;
}

/** What becomes of one file, behind a source that is in order. */
async function outcomeOf({ file, content, spec: change }: BadInput): Promise<Outcome> {
  const reasons: string[] = [];
  const said: unknown[] = [];
  try {
    const events = ingestSources(
      [
        { spec: { ...spec, name: 'good' }, files: [good] },
        { spec: { ...spec, ...change }, files: [memoryFile(file, content, 1000)] },
      ],
      { dataset: 'support', datasetKey: new Uint8Array(32), policy, maxRowBytes: 4096 },
    );
    for await (const event of events) {
      if (event.kind !== 'quarantine') continue;
      reasons.push(event.entry.reason);
      said.push(event.entry);
    }
    return { result: reasons, said: JSON.stringify(said) };
  } catch (error) {
    if (!(error instanceof RecordError)) throw error;
    return { result: error.code, said: error.message };
  }
}

describe('bad input', () => {
  it('is of many kinds', () => {
    expect(BAD_INPUTS.length).toBeGreaterThanOrEqual(60);
    expect(new Set(BAD_INPUTS.map(({ what }) => what)).size).toBe(BAD_INPUTS.length);
  });

  it.each(BAD_INPUTS)('$what', async (input) => {
    const { result, said } = await outcomeOf(input);
    expect(result).toEqual(input.expected);
    // A place, a code and words of our own; never the file's name or a value of it.
    expect(said).not.toContain(input.file);
    expect(said).not.toMatch(/\buno\b|\bdos\b|words/);
  });
});
