import { STEPS, type StepId } from '../../policies/index.js';
import { STORE_FAULTS, type StoreFault } from './store-proxy.js';

/** Where a run is struck: each stage by the activity that does its work, in the order of a run. */
export const STRUCK_STAGES = [
  ['ingest', 'ingest'],
  ['assess', 'assess'],
  ['redact', 'redactShard'],
  ['review batch', 'reviewBatch'],
  ['apply', 'applyShard'],
  ['minimize', 'plan'],
  ['inject', 'inject'],
  ['tokenize', 'tokenizeShard'],
  ['train', 'train'],
  ['audit', 'audit'],
  ['release', 'release'],
] as const satisfies readonly (readonly [string, StepId])[];

export type StruckStage = (typeof STRUCK_STAGES)[number][0];
export type Killable = 'worker' | 'temporal' | 'minio';

/** One blow. It falls once so many requests of the stage's activity have reached the store. */
export interface Strike {
  readonly stage: StruckStage;
  readonly step: string;
  readonly afterRequests: number;
  readonly blow:
    | { readonly kind: 'kill'; readonly what: Killable }
    /** The store fails for so many milliseconds, or, with a wrong body, once. */
    | { readonly kind: 'store'; readonly fault: StoreFault; readonly ms: number };
}

/** A seeded generator of integers below a bound (mulberry32). */
function randomFrom(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

function shuffled<T>(items: readonly T[], random: (below: number) => number): T[] {
  const rest = [...items];
  return items.map(() => rest.splice(random(rest.length), 1)[0] as T);
}

export interface PlanOptions {
  /** Longest that the store fails, in milliseconds. */
  readonly faultMs: number;
  /** Stages in which the worker is killed; all when absent. */
  readonly killedStages?: number;
}

/**
 * What befalls one run: the worker is killed in every stage or in as many as asked for, and once
 * each Temporal is killed, the store is killed, and the store fails in each of the five ways, in
 * stages of their own.
 */
export function planStrikes(seed: number, { faultMs, killedStages }: PlanOptions): Strike[] {
  const random = randomFrom(seed);
  const stages = STRUCK_STAGES.map(([stage, step]) => ({ stage, step: STEPS[step].name }));
  // Every activity reads its memo, its policy and its inputs, and writes its result: ten at least.
  const moment = () => random(8);
  const killed = new Set(shuffled(stages, random).slice(0, killedStages ?? stages.length));
  // Training is killed after a checkpoint, in any case: what a resume rests on.
  const train = stages.find(({ stage }) => stage === 'train');
  if (train !== undefined) killed.add(train);
  const others: Strike['blow'][] = [
    { kind: 'kill', what: 'temporal' },
    { kind: 'kill', what: 'minio' },
    ...STORE_FAULTS.map((fault) => {
      const ms = Math.ceil(faultMs / 3) + random(Math.ceil((2 * faultMs) / 3));
      return { kind: 'store', fault, ms } as const;
    }),
  ];
  const places = shuffled(stages, random);
  const other = new Map(others.map((blow, at) => [places[at]?.stage, blow]));
  return stages.flatMap((place) => {
    const blow = other.get(place.stage);
    return [
      // After the worker's end its stage begins anew, and can be struck again; not so the other way.
      ...(killed.has(place)
        ? [{ ...place, afterRequests: moment(), blow: { kind: 'kill', what: 'worker' } } as const]
        : []),
      ...(blow === undefined ? [] : [{ ...place, afterRequests: moment(), blow }]),
    ];
  });
}
