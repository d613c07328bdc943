import { parseList, readJson, refOfItem } from '../domain/lineage/index.js';
import { decodeTokenShard } from '../domain/tokenize/index.js';
import type { Stores } from '../infra/runtime/index.js';
import type { StepResult, TrainPlan } from '../schemas/index.js';
import { refOf } from './stage-results.js';

/** What training was given and what of it the optimizer steps read, as ids of records. */
export interface TrainedRecords {
  /** In the order in which the training plan numbers them; canaries come after the last. */
  readonly trainingSet: readonly string[];
  /** Measured before and after, never trained on. */
  readonly heldOut: readonly string[];
  /** Members of the training set that at least one step read. */
  readonly read: readonly string[];
  /** Canary sequences that at least one step read. */
  readonly canariesRead: number;
}

/** The distinct sequences of a plan: a plan that stops early reads less than it was given. */
export function sequencesRead({ steps }: Pick<TrainPlan, 'steps'>): ReadonlySet<number> {
  return new Set(steps.flat(2));
}

/** Reads the token sets and the plan that a training step names. */
export async function trainedRecords(
  stores: Stores,
  project: string,
  train: StepResult,
): Promise<TrainedRecords> {
  const trainingSet: string[] = [];
  const heldOut: string[] = [];
  const list = await readJson(stores.artifacts, refOf(train, 'tokens'), project);
  for (const item of parseList(list, 'the token sets')) {
    const ref = refOfItem(item, 'tokens');
    for (const sequence of decodeTokenShard(await stores.artifacts.get(ref, project))) {
      (sequence.heldOut ? heldOut : trainingSet).push(sequence.recordId);
    }
  }
  const plan = (await readJson(stores.artifacts, refOf(train, 'plan'), project)) as TrainPlan;
  const numbers = sequencesRead(plan);
  const read = trainingSet.filter((_, index) => numbers.has(index));
  return { trainingSet, heldOut, read, canariesRead: numbers.size - read.length };
}
