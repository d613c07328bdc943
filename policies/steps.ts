import type { PolicyPointer } from './policy-part.js';

/** How a step's result may be reused: pure from its inputs, drawn once, or decided by a person. */
export type StepKind = 'pure' | 'drawn' | 'human';
export type TaskQueue = 'control' | 'records' | 'train';

/**
 * One durable step type. One of scope `shard` is scheduled by ranges of its input lists, hours long
 * at most. A `stage` is committed to the ledger once a run; a `shard` only to the
 * memo, and is covered by its stage's list of shard results.
 */
export interface StepSpec {
  readonly name: string;
  readonly kind: StepKind;
  readonly scope: 'stage' | 'shard';
  readonly queue: TaskQueue;
  /** JSON pointers of the policy that the step reads; only these enter its memo key. */
  readonly policy: readonly PolicyPointer[];
  readonly startToCloseMinutes: number;
}

const stage = {
  kind: 'pure',
  scope: 'stage',
  queue: 'control',
  policy: [],
  startToCloseMinutes: 10,
} as const;
const shard = { ...stage, scope: 'shard', queue: 'records', startToCloseMinutes: 240 } as const;

export const STEPS = {
  dataset: { ...stage, name: 'custos.dataset.v1', kind: 'drawn' },
  draw: { ...stage, name: 'custos.draw.v1', kind: 'drawn' },
  ingest: {
    ...stage,
    name: 'custos.ingest.v2',
    queue: 'records',
    policy: ['/ingest'],
    startToCloseMinutes: 240,
  },
  assess: { ...stage, name: 'custos.assess.v1', policy: ['/assess'], startToCloseMinutes: 60 },
  redactShard: { ...shard, name: 'custos.redact.shard.v9', policy: ['/redact'] },
  redact: { ...stage, name: 'custos.redact.v1', policy: ['/redact'] },
  reviewBatch: {
    ...stage,
    name: 'custos.review-batch.v2',
    queue: 'records',
    policy: ['/review'],
    startToCloseMinutes: 120,
  },
  review: { ...stage, name: 'custos.review.v1', kind: 'human', policy: ['/redact', '/review'] },
  // Stands in place of batch, approval and slices where the policy waives the review.
  waive: {
    ...stage,
    name: 'custos.review-waived.v1',
    queue: 'records',
    policy: ['/review/required'],
    startToCloseMinutes: 120,
  },
  slice: { ...stage, name: 'custos.decision-slices.v1' },
  applyShard: { ...shard, name: 'custos.apply.shard.v1', policy: ['/redact/entities'] },
  apply: { ...stage, name: 'custos.apply.v1', policy: ['/redact/entities'] },
  sketchShard: { ...shard, name: 'custos.sketch.shard.v2', policy: ['/minimize/nearDuplicates'] },
  sketch: { ...stage, name: 'custos.sketch.v1' },
  plan: {
    ...stage,
    name: 'custos.minimize-plan.v2',
    queue: 'records',
    policy: ['/minimize'],
    startToCloseMinutes: 240,
  },
  keepShard: { ...shard, name: 'custos.keep.shard.v1' },
  minimize: { ...stage, name: 'custos.minimize.v1', policy: ['/minimize'] },
  inject: { ...stage, name: 'custos.inject.v2', policy: ['/audit', '/inject', '/tokenize'] },
  tokenizeShard: { ...shard, name: 'custos.tokenize.shard.v1', policy: ['/tokenize'] },
  tokenize: { ...stage, name: 'custos.tokenize.v1', policy: ['/tokenize'] },
  compute: {
    ...stage,
    name: 'custos.compute.v1',
    kind: 'drawn',
    queue: 'train',
    policy: ['/train/backend'],
  },
  train: {
    ...stage,
    name: 'custos.train.v5',
    queue: 'train',
    // Whether a waiver may stand in place of an approval.
    policy: ['/review/required', '/train'],
    startToCloseMinutes: 60 * 24 * 7,
  },
  audit: {
    ...stage,
    name: 'custos.audit.v10',
    queue: 'train',
    policy: ['/audit', '/redact', '/tokenize', '/train/quantization'],
    startToCloseMinutes: 60 * 24,
  },
  release: {
    ...stage,
    name: 'custos.release.v4',
    policy: ['/audit', '/release', '/review'],
  },
} as const satisfies Record<string, StepSpec>;

export type StepId = keyof typeof STEPS;

/** The output name that stands for the items of a list of references. */
export const ITEM = 'item';

/** How a stage works on shards. */
export interface FanOut {
  readonly shard: StepId;
  /**
   * Its inputs that are lists: for each, the output of the list's results that a shard reads, or
   * `item` where the list is one of references. A stage's other inputs are those of every shard.
   */
  readonly lists: Readonly<Record<string, string>>;
  /**
   * Shards that one activity works on at least. An activity costs Temporal and the worker some 30 ms
   * of CPU, so that quick shards go together; long ones are spread over as many workers as there are.
   */
  readonly perRange: number;
}

const LONG = 2;
const QUICK = 8;

export const FAN_OUTS = {
  redact: { shard: 'redactShard', lists: { shard: ITEM }, perRange: LONG },
  apply: {
    shard: 'applyShard',
    lists: { redacted: 'redacted', vault: 'vault', slice: ITEM },
    perRange: QUICK,
  },
  sketch: { shard: 'sketchShard', lists: { approved: 'approved' }, perRange: QUICK },
  minimize: {
    shard: 'keepShard',
    lists: { approved: 'approved', map: ITEM },
    perRange: QUICK,
  },
  tokenize: { shard: 'tokenizeShard', lists: { kept: 'kept' }, perRange: LONG },
} as const satisfies Partial<Record<StepId, FanOut>>;

/** A stage that is fanned out over shards. */
export type FanOutId = keyof typeof FAN_OUTS;

/** The order and titles that a person sees. */
export const STAGES = [
  ['ingest', 'Ingest records'],
  ['assess', 'Assess base model'],
  ['redact', 'Redact personal data'],
  ['review', 'Review by a person'],
  ['apply', 'Apply decisions'],
  ['minimize', 'Minimize'],
  ['inject', 'Inject canaries'],
  ['tokenize', 'Tokenize'],
  ['train', 'Train adapter (QLoRA)'],
  ['audit', 'Audit leakage'],
  ['release', 'Release gate'],
] as const;

export type StageId = (typeof STAGES)[number][0];
