import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutOff, garbageOf, reach } from './mark.js';

const name = (index: number): string => `sha256:${String(index)}`;

interface World {
  readonly edges: readonly (readonly number[])[];
  readonly ages: readonly number[];
  readonly roots: readonly number[];
}

const SIZE = 24;
const CUT_OFF = 50;
const node = fc.integer({ min: 0, max: SIZE - 1 });
const worlds: fc.Arbitrary<World> = fc.record({
  edges: fc.array(fc.array(node, { maxLength: 3 }), { minLength: SIZE, maxLength: SIZE }),
  ages: fc.array(fc.integer({ min: 0, max: 99 }), { minLength: SIZE, maxLength: SIZE }),
  roots: fc.array(node, { maxLength: 4 }),
});

/** Reachable by the definition: add neighbours until nothing is added. */
function closureOf(edges: World['edges'], roots: readonly number[]): ReadonlySet<number> {
  const all = new Set(roots);
  for (let before = -1; before < all.size;) {
    before = all.size;
    for (const from of [...all]) for (const to of edges[from] ?? []) all.add(to);
  }
  return all;
}

async function sweepOf({ edges, ages, roots }: World): Promise<ReadonlySet<string>> {
  const stored = ages.map((modifiedMs, index) => ({ digest: name(index), modifiedMs }));
  const young = stored.filter(({ modifiedMs }) => modifiedMs >= CUT_OFF);
  const start = [...roots.map(name), ...young.map(({ digest }) => digest)];
  const reached = await reach(start, (digest) =>
    Promise.resolve((edges[Number(digest.slice(7))] ?? []).map(name)),
  );
  return new Set(garbageOf(stored, reached, CUT_OFF).map(({ digest }) => digest));
}

describe('mark and sweep over any graph', () => {
  it('takes nothing that is reachable, and all that is unreachable and old', async () => {
    await fc.assert(
      fc.asyncProperty(worlds, async (world) => {
        const swept = await sweepOf(world);
        const young = world.ages.flatMap((age, index) => (age >= CUT_OFF ? [index] : []));
        const reachable = closureOf(world.edges, [...world.roots, ...young]);
        for (let index = 0; index < SIZE; index += 1) {
          expect(swept.has(name(index))).toBe(!reachable.has(index));
        }
      }),
      { numRuns: 500 },
    );
  });

  it('leaves no reference from what stays to what goes', async () => {
    await fc.assert(
      fc.asyncProperty(worlds, async (world) => {
        const swept = await sweepOf(world);
        for (const [from, targets] of world.edges.entries()) {
          if (swept.has(name(from))) continue;
          for (const to of targets) expect(swept.has(name(to))).toBe(false);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('asks for each digest once, also in a circle', async () => {
    const asked: string[] = [];
    const reached = await reach([name(0)], (digest) => {
      asked.push(digest);
      return Promise.resolve([name(0), name(1), name(1)]);
    });
    expect([...reached]).toEqual([name(0), name(1)]);
    expect(asked).toEqual([name(0), name(1)]);
  });

  it('ends with the error of what cannot be followed', async () => {
    const follow = (digest: string) =>
      digest === name(1) ? Promise.reject(new Error('gone')) : Promise.resolve([name(1), name(2)]);
    await expect(reach([name(0)], follow)).rejects.toThrow('gone');
  });
});

describe('the cut-off', () => {
  const ages = { nowMs: 10_000, graceMs: 1_000, freshMs: 300, openSinceMs: [] };
  it.each([
    ['is the grace ago', {}, 9_000],
    [
      'is before an older open workflow by what counts as fresh',
      { openSinceMs: [9_500, 5_000] },
      4_700,
    ],
    ['is the grace ago for workflows that are younger', { openSinceMs: [9_900] }, 9_000],
  ])('%s', (_, change, expected) => {
    expect(cutOff({ ...ages, ...change })).toBe(expected);
  });
});
