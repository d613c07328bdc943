import fc from 'fast-check';
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { validateMinimizeDecision, validateMinimizeReport } from '../../schemas/index.js';
import type { MinimizeDecision, TrainingRecord } from '../../schemas/index.js';
import { bandingFor } from './near-index.js';
import {
  decisionsById,
  decodeSketches,
  encodeSketches,
  filterShard,
  planMinimization,
  sketchShard,
  type MinimizeOptions,
} from './index.js';

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

const plan = (records: readonly TrainingRecord[], options = OPTIONS) =>
  planMinimization([sketchShard(records, options.nearDuplicates)], options);

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
  ] as const)('%s', (_, texts, reason) => {
    const { decisions } = plan(texts.map((text, index) => record(index, text)));
    const [first, second] = decisions.map(flat);
    expect([first?.reason, second?.reason]).toEqual([undefined, reason]);
    expect(second?.of).toBe(reason === undefined ? undefined : first?.recordId);
  });

  it('tells who said it: the same words by another role are no exact duplicate', () => {
    const short = 'no words to shingle but these';
    const { decisions } = plan([record(1, short, 'a'), record(2, 'a', short)]);
    expect(decisions.every((decision) => flat(decision).reason !== 'exact-duplicate')).toBe(true);
  });

  it.each([
    [{ exactDuplicates: 'keep' }, 3],
    [{ nearDuplicates: { ...OPTIONS.nearDuplicates, action: 'keep' } }, 3],
    [{}, 2],
    [{ minChars: 5000 }, 0],
    [{ maxChars: 10 }, 0],
    [{ recordBudget: 1 }, 1],
  ] as const)('with %j keeps %i of four', (change, kept) => {
    const records = [long, long, changed, other].map((text, index) => record(index, text));
    const { report, decisions } = plan(records, { ...OPTIONS, ...change });
    expect(report.kept).toBe(kept);
    expect(validateMinimizeReport(report)).toBe(true);
    expect(decisions.every((decision) => validateMinimizeDecision(decision))).toBe(true);
    const lost = Object.values(report.byReason).reduce((sum, count) => sum + count, 0);
    expect(lost + kept).toBe(report.records);
  });

  it('counts characters, not UTF-16 units', () => {
    const options = { ...OPTIONS, minChars: 3, maxChars: 3 };
    expect(plan([record(1, '😀😀😀')], options).report.kept).toBe(1);
    expect(plan([record(1, 'a😀')], options).report.byReason['too-short']).toBe(1);
  });

  it('gives the same plan for every order and split, and merges only into kept records', () => {
    const texts = fc.array(
      fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 20 })),
      { minLength: 1, maxLength: 25 },
    );
    fc.assert(
      fc.property(
        texts,
        fc.nat(),
        fc.option(fc.integer({ min: 1, max: 8 })),
        (seeds, cut, recordBudget) => {
          const options = { ...OPTIONS, recordBudget };
          const records = seeds.map(([topic, change], index) =>
            record(
              index,
              words(40, (at) => (at < change % 6 ? 900 + change : topic * 100 + at)),
            ),
          );
          const whole = plan(records, options);
          const at = cut % records.length;
          const shards = [records.slice(at).reverse(), records.slice(0, at)];
          const split = planMinimization(
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

  it('finds pairs above the threshold and leaves pairs well below it', () => {
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
    expect(plan(above).report.byReason['near-duplicate']).toBe(100);
    expect(plan(below).report.byReason['near-duplicate']).toBe(0);
  });

  it('estimates the similarity without bias', () => {
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
      sum += plan(records, options).decisions.map(flat)[1]?.similarity ?? 0;
    }
    // Standard error of the mean: sqrt(2/9 / 512 / 50) = 0.003.
    expect(Math.abs(sum / 50 - 1 / 3)).toBeLessThan(0.012);
  });

  it('splits scripts without spaces into characters', () => {
    const text = '患者は昨日の午後に東京の病院を受診し痛みを訴えた。処方薬は変更されていない。';
    const records = [record(1, text.repeat(3)), record(2, `${text.repeat(3)}再診`)];
    expect(plan(records).report.byReason['near-duplicate']).toBe(1);
  });

  it('refuses a record twice and sketches of another width', () => {
    const sketches = sketchShard([record(1, long)], OPTIONS.nearDuplicates);
    expect(() => planMinimization([sketches, sketches], OPTIONS)).toThrow('twice');
    const narrow = sketchShard([record(1, long)], { permutations: 64, shingleWords: 3 });
    expect(() => planMinimization([narrow], OPTIONS)).toThrow('sketch it again');
  });
});

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

  it('keeps what the plan keeps', () => {
    const decisions = decisionsById(plan(records).decisions);
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
  it('reads back what it wrote, also without records', () => {
    for (const contents of [[], ['one two three', 'four', 'five six']]) {
      const records = contents.map((content, index) => record(index, content));
      const sketches = sketchShard(records, OPTIONS.nearDuplicates);
      expect(decodeSketches(encodeSketches(sketches))).toEqual(sketches);
    }
  });

  it('refuses bytes that are cut short, extended or not sketches', () => {
    const bytes = encodeSketches(sketchShard([record(1, 'a b c')], OPTIONS.nearDuplicates));
    for (const broken of [
      bytes.subarray(0, -1),
      Buffer.concat([bytes, bytes]),
      bytes.subarray(1),
    ]) {
      expect(() => decodeSketches(broken)).toThrow(
        expect.objectContaining({ code: 'SKETCH_INVALID' }),
      );
    }
  });
});
