import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { loadRun, type LoadedRun } from '../cli/load-files.js';
import type { RunRequest } from '../schemas/index.js';

/** Of a hundred records: so many repeat the text of an earlier one, or differ from it in a word. */
const EXACT = 10;
const NEAR = 5;
const WORDS = 60;

function wordsOf(seed: number): string[] {
  const words: string[] = [];
  for (let part = 0; words.length < WORDS; part++) {
    const bytes = createHash('sha256')
      .update(`${String(seed)} ${String(part)}`)
      .digest();
    for (let at = 0; at < 32; at += 2)
      words.push(`w${(bytes.readUInt16LE(at) % 5000).toString(36)}`);
  }
  return words;
}

/** What a later state of the records changed. */
export interface RecordChanges {
  /** Records [from, to) have another text. */
  readonly edited?: { readonly from: number; readonly to: number };
  /** This record is gone. */
  readonly erased?: number;
}

/** The record of a number: some 550 bytes, an address and a telephone number among its words. */
function lineOf(id: number, edited: boolean): string {
  const kind = id % 100;
  const seed = kind < EXACT + NEAR && id >= 100 ? id - 50 : id;
  const words = wordsOf(seed);
  if (edited) words[30] = `edited${String(id)}`;
  if (kind >= EXACT && kind < EXACT + NEAR) words[20] = `changed${String(id)}`;
  const prompt = `Please look into case ${String(seed)}, write to user${String(seed)}@example.com or call 555-${String(200 + (seed % 700))}-${String(1000 + (seed % 9000))}.`;
  return `${JSON.stringify({ id, prompt, completion: words.join(' ') })}\n`;
}

/** Writes a file of so many generated records, the same for the same numbers. */
export async function writeRecords(
  path: string,
  records: number,
  { edited = { from: 0, to: 0 }, erased }: RecordChanges = {},
): Promise<void> {
  const stream = createWriteStream(path);
  let block = '';
  for (let id = 0; id < records; id++) {
    if (id === erased) continue;
    block += lineOf(id, id >= edited.from && id < edited.to);
    if (block.length < 1 << 20) continue;
    if (!stream.write(block)) await once(stream, 'drain');
    block = '';
  }
  stream.end(block);
  await once(stream, 'finish');
}

const purpose = 'a benchmark';

/** How the file's fields become records. */
export const sourceOf = (path: string): RunRequest['dataset']['sources'][number] => ({
  name: 'generated',
  path,
  format: 'jsonl',
  shape: 'prompt',
  primaryKey: '/id',
  fields: [
    { name: 'prompt', from: '/prompt', purpose },
    { name: 'completion', from: '/completion', purpose },
  ],
});

/**
 * The sample's run over a generated file: patterns only, shards as in production.
 * @param entities the types that are looked for; all of the policy's when absent
 */
export async function generatedRun(path: string, entities?: readonly string[]): Promise<LoadedRun> {
  const { policy, ...loaded } = await loadRun('samples/run.yaml');
  const wanted = Object.entries(policy.redact.entities).filter(
    ([type]) => entities?.includes(type) !== false,
  );
  return {
    ...loaded,
    policy: {
      ...policy,
      ingest: { ...policy.ingest, shardRecords: 2048 },
      redact: { ...policy.redact, profile: 'patterns', entities: Object.fromEntries(wanted) },
    },
    request: { ...loaded.request, dataset: { name: 'generated', sources: [sourceOf(path)] } },
    locations: { ...loaded.locations, generated: path },
  };
}
