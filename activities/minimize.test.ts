import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { canonicalBytes, RESULTS_MEDIA_TYPE } from '../domain/lineage/index.js';
import { HELD, type HeldLimits } from '../domain/minimize/index.js';
import { encodeLines } from '../domain/record/index.js';
import type { ArtifactRef, Policy, StepRequest, StepResult } from '../schemas/index.js';
import { openTestInstallation, type TestInstallation } from '../test/support/runtime.js';
import { createContext, type ContextHost, type StepContext } from './context.js';
import { planMinimizeWithin, sketchShard } from './minimize.js';
import { smallArtifacts } from './small-artifacts.js';

const MINIMIZE: Policy['minimize'] = {
  exactDuplicates: 'drop',
  nearDuplicates: { action: 'drop', jaccard: 0.8, permutations: 128, shingleWords: 3 },
  minChars: 10,
  maxChars: 5000,
  recordBudget: null,
};
const SHARDS = 3;
const RECORDS = 300;
const WRITING: HeldLimits = { rows: 100, partitionRows: 120, openRows: 6000, blockRows: 100 };
const MEMO_KEY = `sha256:${'0'.repeat(64)}`;

let installation: TestInstallation;
let sketches: ArtifactRef;

/** Numbers whose records repeat the text of another, or all but a word of it. */
function lineOf(number: number): object {
  const [topic, changed] = [number % 100, number >= 200 && number % 2 === 0];
  const words = Array.from({ length: 60 }, (_, at) =>
    changed && at === 30 ? `other${String(number)}` : `topic${String(topic)}word${String(at)}`,
  );
  const id = createHash('sha256').update(String(number)).digest('hex');
  return { id: `00000000:${id}`, messages: [{ role: 'user', content: words.join(' ') }] };
}

interface Watched {
  readonly context: StepContext;
  readonly columns: Set<number | string>;
  readonly abort: AbortController;
  /** Media types of what was put, and of what was read of that. */
  readonly put: string[];
  readonly readBack: string[];
}

/** A context as a step has it, over the real store, that tells what it was asked for. */
function watched(inputs: StepRequest['inputs']): Watched {
  const [columns, abort] = [new Set<number | string>(), new AbortController()];
  const [put, readBack]: [string[], string[]] = [[], []];
  const begun = {
    memoKey: MEMO_KEY,
    policy: { minimize: MINIMIZE } as Policy,
    startedAt: new Date(0).toISOString(),
    parts: { params: {}, inputs: {}, policy: {} },
  };
  const policy = inputs['approved'] ?? inputs['sketches'];
  const request = { runId: 'run', project: 'demo', params: {}, inputs, policy } as StepRequest;
  const host: ContextHost = {
    signal: abort.signal,
    heartbeat: ({ column }) => void columns.add(column ?? ''),
    small: smallArtifacts(),
  };
  const context = createContext(installation.runtime, request, begun, host);
  const own = new Set<string>();
  return {
    columns,
    abort,
    put,
    readBack,
    context: {
      ...context,
      async put(...args) {
        const ref = await context.put(...args);
        own.add(ref.digest);
        put.push(ref.mediaType);
        return ref;
      },
      read(ref) {
        if (own.has(ref.digest)) readBack.push(ref.mediaType);
        return context.read(ref);
      },
    },
  };
}

const stored = (bytes: Uint8Array, mediaType: string): Promise<ArtifactRef> =>
  installation.stores.artifacts.put(bytes, { class: 'derived', mediaType, project: 'demo' });

beforeAll(async () => {
  installation = await openTestInstallation();
  const results: StepResult[] = [];
  for (let shard = 0; shard < SHARDS; shard++) {
    const numbers = Array.from({ length: RECORDS / SHARDS }, (_, at) => at * SHARDS + shard);
    const approved = await stored(encodeLines(numbers.map(lineOf)), 'text/plain');
    const { outputs } = await sketchShard(watched({ approved }).context);
    results.push({
      schema: 'custos.step-result.v1',
      step: 'custos.sketch.shard.v2',
      kind: 'pure',
      memoKey: MEMO_KEY,
      inputs: { approved },
      outputs,
      counts: {},
      values: {},
    });
  }
  sketches = await stored(canonicalBytes(results), RESULTS_MEDIA_TYPE);
});
afterAll(() => installation.close());

describe('planMinimize', () => {
  const scratch = 'application/octet-stream';

  it('gives the same result whether or not it writes rows to the store', async () => {
    const [held, writing] = [watched({ sketches }), watched({ sketches })];
    const whole = await planMinimizeWithin(HELD)(held.context);
    // Of each topic the first by id is kept, be it the changed one.
    expect(whole.counts).toEqual({
      ...{ records: RECORDS, kept: 100, exact: 131, near: 69 },
      ...{ short: 0, long: 0, budget: 0 },
    });
    expect(held.put).not.toContain(scratch);
    expect(await planMinimizeWithin(WRITING)(writing.context)).toEqual(whole);
    expect(writing.put.filter((type) => type === scratch).length).toBeGreaterThan(30);
    expect(writing.readBack).toEqual(writing.put.filter((type) => type === scratch));
    expect([...writing.columns]).toEqual(
      expect.arrayContaining(['bands', 'scratch written', 'scratch read']),
    );
    expect(Object.keys(whole.outputs)).toEqual(['maps', 'report']);
  });

  it.each(['scratch written', 'scratch read'])('stops when cancelled: %s', async (column) => {
    const { context, abort } = watched({ sketches });
    let beats = 0;
    const cancelled = planMinimizeWithin(WRITING)({
      ...context,
      heartbeat: (detail) => {
        if (detail['column'] !== column) return;
        beats++;
        abort.abort();
      },
    });
    await expect(cancelled).rejects.toMatchObject({ name: 'AbortError' });
    expect(beats).toBe(1);
  });
});
