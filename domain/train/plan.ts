import { randomStream } from '../model/index.js';
import type { TrainPlan } from '../../schemas/index.js';
import { TrainError } from './errors.js';

export interface PlanRequest {
  /** Tokens of each sequence. */
  readonly lengths: readonly number[];
  /** How many of them, at the end, are canaries; 0 when left out. */
  readonly canaries?: number;
  readonly seed: number;
  readonly epochs: number;
  readonly batchSize: number;
  readonly accumulation: number;
  readonly maxSteps: number | null;
  /** Packed (when left out), or padded: then a pass is a batch. */
  readonly packing?: TrainPlan['packing'];
  /** Most tokens of a packed pass; a single longer sequence still makes a pass of its own. */
  readonly passTokens?: number;
}

export const DEFAULT_PASS_TOKENS = 2048;

/** A permutation of 0 … count - 1: Fisher-Yates on the public stream of (seed, epoch, draw). */
export function shuffledOrder(count: number, seed: number, epoch: number, draw = 0): number[] {
  const stream = randomStream({ seed, purpose: 'shuffle', step: epoch, layer: draw });
  const order = Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = Math.floor(stream.nextUniform() * (i + 1));
    [order[i], order[j]] = [order[j] as number, order[i] as number];
  }
  return order;
}

/** Splits a step's sequences, in order, into batches. */
function toBatches(window: readonly number[], batchSize: number): number[][] {
  return Array.from({ length: Math.ceil(window.length / batchSize) }, (_, i) =>
    window.slice(i * batchSize, (i + 1) * batchSize),
  );
}

/** Splits a step's sequences, in order, into passes of at most `passTokens` tokens. */
function toPasses(
  window: readonly number[],
  lengths: readonly number[],
  passTokens: number,
): number[][] {
  const passes: number[][] = [];
  let tokens = Infinity;
  for (const index of window) {
    const length = lengths[index] ?? 0;
    if (tokens + length > passTokens) {
      passes.push([]);
      tokens = 0;
    }
    passes.at(-1)?.push(index);
    tokens += length;
  }
  return passes;
}

/**
 * What a training that ends within its first epoch reads: every canary, as a whole epoch would, and
 * a random draw of the records, shuffled together. Otherwise the cut would decide how many canaries
 * the audit can speak about. Only seed and counts are looked at, neither contents nor coins.
 */
function cutOrder(
  { lengths, seed, canaries = 0 }: PlanRequest,
  capacity: number,
): readonly number[] {
  const records = lengths.length - canaries;
  const all = Array.from({ length: canaries }, (_, index) => records + index);
  const kept = [...all, ...shuffledOrder(records, seed, 0)].slice(0, capacity);
  return shuffledOrder(kept.length, seed, 0, 1).map((place) => kept[place] as number);
}

/**
 * Plans a training run: every epoch shuffles all sequences; a step takes batchSize * accumulation
 * of them, the last step of an epoch what is left. Steps = ceil(epochs * steps per epoch), at most
 * `maxSteps` (transformers Trainer 5.23). A run shorter than an epoch reads every canary and a draw
 * of the records; below as many sequences as there are canaries, only these. Packed, a pass may be
 * wider than a batch without changing the result's meaning: the loss is normalized over the step.
 * @throws TrainError PLAN_EMPTY
 */
export function planTraining(request: PlanRequest): TrainPlan {
  const { lengths, seed, epochs, batchSize, accumulation, maxSteps } = request;
  if (lengths.length === 0)
    throw new TrainError(
      'PLAN_EMPTY',
      'There are no sequences to train on; "custos show RUN" says what minimize and tokenize dropped.',
    );
  const perStep = batchSize * accumulation;
  const stepsPerEpoch = Math.ceil(Math.ceil(lengths.length / batchSize) / accumulation);
  const total = Math.min(Math.ceil(epochs * stepsPerEpoch), maxSteps ?? Infinity);
  const { packing = 'packed', passTokens = DEFAULT_PASS_TOKENS } = request;
  const split = (window: readonly number[]) =>
    packing === 'padded' ? toBatches(window, batchSize) : toPasses(window, lengths, passTokens);
  const steps = Array.from({ length: Math.ceil(total / stepsPerEpoch) }, (_, epoch) => {
    const order =
      total < stepsPerEpoch
        ? cutOrder(request, total * perStep)
        : shuffledOrder(lengths.length, seed, epoch);
    return Array.from({ length: stepsPerEpoch }, (__, s) =>
      split(order.slice(s * perStep, (s + 1) * perStep)),
    );
  }).flat();
  const laidOut = { packing, passTokens, stepsPerEpoch, steps: steps.slice(0, total) };
  return { seed, batchSize, accumulation, ...laidOut };
}
