import type { PolicyPointer } from './policy-part.js';

/** How a step's result may be reused: pure from its inputs, drawn once, or decided by a person. */
export type StepKind = 'pure' | 'drawn' | 'human';
export type TaskQueue = 'control' | 'records' | 'train';

/**
 * One durable step type. A `stage` is committed to the ledger once a run; a `shard` only to the
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
const shard = { ...stage, scope: 'shard', queue: 'records' } as const;

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
  redactShard: { ...shard, name: 'custos.redact.shard.v1', policy: ['/redact'] },
  redact: { ...stage, name: 'custos.redact.v1', policy: ['/redact'] },
  reviewBatch: { ...stage, name: 'custos.review-batch.v1', policy: ['/review'] },
  review: { ...stage, name: 'custos.review.v1', kind: 'human', policy: ['/redact', '/review'] },
  applyShard: { ...shard, name: 'custos.apply.shard.v1', policy: ['/redact/entities'] },
  apply: { ...stage, name: 'custos.apply.v1', policy: ['/redact/entities'] },
  sketchShard: { ...shard, name: 'custos.sketch.shard.v1', policy: ['/minimize/nearDuplicates'] },
  plan: { ...stage, name: 'custos.minimize-plan.v1', queue: 'records', policy: ['/minimize'] },
  keepShard: { ...shard, name: 'custos.keep.shard.v1' },
  minimize: { ...stage, name: 'custos.minimize.v1', policy: ['/minimize'] },
  inject: { ...stage, name: 'custos.inject.v1', policy: ['/audit', '/inject', '/tokenize'] },
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
    name: 'custos.train.v1',
    queue: 'train',
    policy: ['/train'],
    startToCloseMinutes: 60 * 24 * 7,
  },
  audit: {
    ...stage,
    name: 'custos.audit.v1',
    queue: 'train',
    policy: ['/audit', '/redact', '/tokenize', '/train/quantization'],
    startToCloseMinutes: 60 * 24,
  },
  release: {
    ...stage,
    name: 'custos.release.v2',
    policy: ['/audit', '/release', '/review'],
  },
} as const satisfies Record<string, StepSpec>;

export type StepId = keyof typeof STEPS;

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
