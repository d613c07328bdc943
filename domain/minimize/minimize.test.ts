import fc from 'fast-check';
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { validateMinimizeDecision, validateMinimizeReport } from '../../schemas/index.js';
import type { MinimizeDecision, TrainingRecord } from '../../schemas/index.js';
import { bandingFor } from './banding.js';
import {
  decisionsById,
  decodeBands,
  decodeFacts,
  decodeSignatures,
  encodeBands,
  encodeFacts,
  encodeSignatures,
  filterShard,
  planMinimization,
  sketchShard,
  type SketchSource,
} from './index.js';
import type { MinimizeOptions } from './plan.js';
import type { Sketches } from './sketch.js';

const OPTIONS: MinimizeOptions = {
  exactDuplicates: 'drop',
  nearDuplicates: { action: 'drop', jaccard: 0.8, permutations: 128, shingleWords: 3 },
  minChars: 10,
  maxChars: 5000,
  recordBudget: null,
};

const idOf = (name: string | number) =>
  `00000000:${createHash('sha256').update(String(name)).digest('hex')}`;

function record(name: string | number, ...contents: string[]): TrainingRecord {
  const roles = ['user', 'assistant'] as const;
  return {
    id: idOf(name),
    messages: contents.map((content, index) => ({ role: roles[index % 2] ?? 'user', content })),
  };
}

/** `count` words; the word at each position is drawn from `draw`. */
const words = (count: number, draw: (position: number) => number) =>
  Array.from({ length: count }, (_, position) => `word${String(draw(position))}`).join(' ');

const sourceOf = (shards: readonly Sketches[]): SketchSource => {
  const of =
    <T>(column: (sketches: Sketches) => T) =>
    (shard: number) =>
      Promise.resolve(column(shards[shard] as Sketches));
  return {
    counts: shards.map(({ facts }) => facts.chars.length),
    facts: of(({ facts }) => facts),
    bands: of(({ bands }) => bands),
    signatures: of(({ signatures }) => signatures),
  };
};

/** The plan over sketched shards, its decisions in the order of record ids. */
async function planOver(shards: readonly Sketches[], options = OPTIONS) {
  const decisions: MinimizeDecision[] = [];
  for await (const event of planMinimization(sourceOf(shards), options)) {
    if (event.kind === 'map') decisions.push(...event.decisions);
    else {
      decisions.sort((a, b) => (a.recordId < b.recordId ? -1 : 1));
      return { decisions, report: event.report };
    }
  }
  throw new Error('the plan ended without a report');
}

const plan = (records: readonly TrainingRecord[], options = OPTIONS) =>
  planOver([sketchShard(records, options.nearDuplicates)], options);

/** A decision with every member that some outcome has. */
const flat = (decision: MinimizeDecision): Partial<Extract<MinimizeDecision, { of: string }>> =>
  decision as Partial<Extract<MinimizeDecision, { of: string }>>;

describe('planMinimization', () => {
  const long = words(100, (position) => position);
  const changed = words(100, (position) => (position === 50 ? 999 : position));
  const other = words(100, (position) => position + 5000);

  it.each([
    ['equal texts', [long, long], 'exact-duplicate'],
    [
      'case and spaces',
      [long, `  ${long.toUpperCase().replaceAll(' ', '\n ')} `],
      'exact-duplicate',
    ],
    ['one word changed', [long, changed], 'near-duplicate'],
    ['unrelated texts', [long, other], undefined],
  ] as const)('%s', async (_, texts, reason) => {
    const { decisions } = await plan(texts.map((text, index) => record(index, text)));
    const [first, second] = decisions.map(flat);
    expect([first?.reason, second?.reason]).toEqual([undefined, reason]);
    expect(second?.of).toBe(reason === undefined ? undefined : first?.recordId);
  });

  it('tells who said it: the same words by another role are no exact duplicate', async () => {
    const short = 'no words to shingle but these';
    const { decisions } = await plan([record(1, short, 'a'), record(2, 'a', short)]);
    expect(decisions.every((decision) => flat(decision).reason !== 'exact-duplicate')).toBe(true);
  });

  it.each([
    [{ exactDuplicates: 'keep' }, 3],
    [{ nearDuplicates: { ...OPTIONS.nearDuplicates, action: 'keep' } }, 3],
    [{}, 2],
    [{ minChars: 5000 }, 0],
    [{ maxChars: 10 }, 0],
    [{ recordBudget: 1 }, 1],
  ] as const)('with %j keeps %i of four', async (change, kept) => {
    const records = [long, long, changed, other].map((text, index) => record(index, text));
    const { report, decisions } = await plan(records, { ...OPTIONS, ...change });
    expect(report.kept).toBe(kept);
    expect(validateMinimizeReport(report)).toBe(true);
    expect(decisions.every((decision) => validateMinimizeDecision(decision))).toBe(true);
    const lost = Object.values(report.byReason).reduce((sum, count) => sum + count, 0);
    expect(lost + kept).toBe(report.records);
  });

  it('counts characters, not UTF-16 units', async () => {
    const options = { ...OPTIONS, minChars: 3, maxChars: 3 };
    expect((await plan([record(1, '😀😀😀')], options)).report.kept).toBe(1);
    expect((await plan([record(1, 'a😀')], options)).report.byReason['too-short']).toBe(1);
  });

  it('gives the same plan for every order and split, and merges only into kept records', async () => {
    const texts = fc.array(
      fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 20 })),
      { minLength: 1, maxLength: 25 },
    );
    await fc.assert(
      fc.asyncProperty(
        texts,
        fc.nat(),
        fc.option(fc.integer({ min: 1, max: 8 })),
        async (seeds, cut, recordBudget) => {
          const options = { ...OPTIONS, recordBudget };
          const records = seeds.map(([topic, change], index) =>
            record(
              index,
              words(40, (at) => (at < change % 6 ? 900 + change : topic * 100 + at)),
            ),
          );
          const whole = await plan(records, options);
          const at = cut % records.length;
          const shards = [records.slice(at).reverse(), records.slice(0, at)];
          const split = await planOver(
            shards.map((shard) => sketchShard(shard, options.nearDuplicates)),
            options,
          );
          expect(split).toEqual(whole);
          const byId = decisionsById(whole.decisions);
          for (const { of } of whole.decisions.map(flat)) {
            if (of !== undefined) expect(byId.get(of)?.outcome).toBe('kept');
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it('finds pairs above the threshold and leaves pairs well below it', async () => {
    const above: TrainingRecord[] = [];
    const below: TrainingRecord[] = [];
    for (let pair = 0; pair < 100; pair++) {
      const base = pair * 1000;
      // Of 98 shingles of three words, 3 or 45 differ: similarity 0.94 and 0.37.
      const near = (at: number) => (at === 40 ? base + 999 : base + at);
      const far = (at: number) => (at % 6 === 0 ? base + 500 + at : base + at);
      above.push(
        record(
          `a${String(pair)}`,
          words(100, (at) => base + at),
        ),
      );
      above.push(record(`b${String(pair)}`, words(100, near)));
      below.push(
        record(
          `c${String(pair)}`,
          words(100, (at) => base + at),
        ),
      );
      below.push(record(`d${String(pair)}`, words(100, far)));
    }
    expect((await plan(above)).report.byReason['near-duplicate']).toBe(100);
    expect((await plan(below)).report.byReason['near-duplicate']).toBe(0);
  });

  it('estimates the similarity without bias', async () => {
    const options = {
      ...OPTIONS,
      nearDuplicates: { action: 'drop', jaccard: 0.05, permutations: 512, shingleWords: 1 },
    } as const;
    let sum = 0;
    for (let pair = 0; pair < 50; pair++) {
      const base = pair * 1000;
      // Two sets of 60 words that share 30: similarity 30 / 90.
      const records = [0, 30].map((shift) =>
        record(
          `${String(pair)}-${String(shift)}`,
          words(60, (at) => base + shift + at),
        ),
      );
      const { decisions } = await plan(records, options);
      sum += decisions.map(flat)[1]?.similarity ?? 0;
    }
    // Standard error of the mean: sqrt(2/9 / 512 / 50) = 0.003.
    expect(Math.abs(sum / 50 - 1 / 3)).toBeLessThan(0.012);
  });

  it('splits scripts without spaces into characters', async () => {
    const text = '患者は昨日の午後に東京の病院を受診し痛みを訴えた。処方薬は変更されていない。';
    const records = [record(1, text.repeat(3)), record(2, `${text.repeat(3)}再診`)];
    expect((await plan(records)).report.byReason['near-duplicate']).toBe(1);
  });

  it('refuses a record twice and sketches of another width', async () => {
    const sketches = sketchShard([record(1, long)], OPTIONS.nearDuplicates);
    await expect(planOver([sketches, sketches])).rejects.toThrow('twice');
    const narrow = sketchShard([record(1, long)], { ...OPTIONS.nearDuplicates, permutations: 64 });
    await expect(planOver([narrow])).rejects.toThrow('sketch it again');
    expect(() =>
      sketchShard([record(1, long), { ...record(2, long), id: `11${idOf(2).slice(2)}` }], {
        ...OPTIONS.nearDuplicates,
      }),
    ).toThrow('another key');
  });

  it('decides as comparing every record with every kept one would', async () => {
    const one = fc.tuple(fc.integer({ min: 0, max: 2 }), fc.integer({ min: 0, max: 12 }));
    await fc.assert(
      fc.asyncProperty(
        fc.array(one, { minLength: 1, maxLength: 30 }),
        fc.constantFrom('drop' as const, 'keep' as const),
        async (seeds, exactDuplicates) => {
          const options = { ...OPTIONS, exactDuplicates };
          const records = seeds.map(([topic, change], index) =>
            record(
              index,
              words(60, (at) => (at < change ? 900 + change : topic * 100 + at)),
            ),
          );
          const { decisions } = await plan(records, options);
          expect(decisions.map(({ outcome }) => outcome)).toEqual(outcomesOf(records, options));
        },
      ),
      { numRuns: 100 },
    );
  });

  it('bounds the comparisons of records that are all alike', async () => {
    const count = 3000;
    const records = Array.from({ length: count }, (_, index) =>
      record(
        index,
        words(80, (at) => (at === 40 ? 10_000 + index : at)),
      ),
    );
    const { report } = await plan(records);
    expect(report.kept).toBe(1);
    expect(report.lsh.candidates).toBeLessThanOrEqual(count * report.lsh.comparedPerKey * 2);
    expect(report.lsh.candidatesCut).toBe(0);
  });
});

/** The rule without an index: walks the records by id and compares each with every kept one. */
function outcomesOf(records: readonly TrainingRecord[], options: MinimizeOptions): string[] {
  const sorted = [...records].sort((a, b) => (a.id < b.id ? -1 : 1));
  const { facts, signatures } = sketchShard(sorted, options.nearDuplicates);
  const { permutations, jaccard } = options.nearDuplicates;
  const textOf = (row: number) =>
    Buffer.from(facts.digests.subarray(32 * row, 32 * row + 32)).toString('hex');
  const similarity = (a: number, b: number) => {
    let equal = 0;
    for (let at = 0; at < permutations; at++) {
      if (signatures.entries[a * permutations + at] === signatures.entries[b * permutations + at]) {
        equal++;
      }
    }
    return equal / permutations;
  };
  const kept: number[] = [];
  return sorted.map((_, row) => {
    const equal = kept.some((other) => textOf(other) === textOf(row));
    const near = kept.some((other) => similarity(other, row) >= jaccard);
    if (equal ? options.exactDuplicates === 'drop' : near) return 'merged';
    kept.push(row);
    return 'kept';
  });
}

describe('bandingFor', () => {
  it.each([0.05, 0.3, 0.5, 0.7, 0.8, 0.9, 1])('threshold %f', (jaccard) => {
    for (const permutations of [16, 64, 128, 512]) {
      const { bands, rows, recallAtThreshold } = bandingFor(jaccard, permutations);
      expect(bands * rows).toBeLessThanOrEqual(permutations);
      expect(bands).toBeGreaterThan(0);
      if (rows > 1) expect(recallAtThreshold).toBeGreaterThanOrEqual(0.98);
    }
  });
});

describe('filterShard', () => {
  const records = [
    record(
      1,
      words(20, (at) => at),
    ),
    record(
      2,
      words(20, (at) => at),
    ),
  ];

  it('keeps what the plan keeps', async () => {
    const decisions = decisionsById((await plan(records)).decisions);
    const kept = filterShard(records, decisions);
    expect(kept).toHaveLength(1);
    expect(decisions.get(kept[0]?.id ?? '')?.outcome).toBe('kept');
  });

  it('fails on a record that the plan does not know, naming its id only', () => {
    expect(() => filterShard(records, new Map())).toThrow(
      /no decision for record 0{8}:[0-9a-f]{64};/,
    );
  });
});

describe('sketch format', () => {
  const sketch = (contents: readonly string[], action: 'drop' | 'keep' = 'drop') =>
    sketchShard(
      contents.map((content, index) => record(index, content)),
      { ...OPTIONS.nearDuplicates, action },
    );

  it.each([
    [[], 'drop'],
    [['one two three', 'four', 'five six'], 'drop'],
    [['one two three', 'four', 'five six'], 'keep'],
  ] as const)('reads back what it wrote: %j, %s', (contents, action) => {
    const { facts, bands, signatures } = sketch(contents, action);
    expect(decodeFacts(encodeFacts(facts))).toEqual({ ...facts, ids: new Uint8Array(facts.ids) });
    expect(decodeBands(encodeBands(bands)).keys).toEqual(bands.keys);
    expect(decodeSignatures(encodeSignatures(signatures)).entries).toEqual(signatures.entries);
  });

  it.each([
    ['facts', () => encodeFacts(sketch(['a b c']).facts), decodeFacts],
    ['bands', () => encodeBands(sketch(['a b c']).bands), decodeBands],
    ['signatures', () => encodeSignatures(sketch(['a b c']).signatures), decodeSignatures],
  ] as const)('refuses %s that are cut short, extended or something else', (_, encode, decode) => {
    const bytes = encode();
    for (const broken of [
      bytes.subarray(0, -1),
      Buffer.concat([bytes, bytes]),
      bytes.subarray(1),
    ]) {
      expect(() => decode(broken)).toThrow(expect.objectContaining({ code: 'SKETCH_INVALID' }));
    }
  });
});
