import type {
  GenerationRequest,
  InferenceRequest,
  TokenSequence,
  TrainingProgress,
  TrainingRequest,
  TrainingResult,
  Checkpoint,
  EnvironmentRequest,
} from '../../domain/train/index.js';
import type { ComputeEnvironment } from '../../schemas/index.js';

export type InferenceCall =
  | { readonly kind: 'generate'; readonly request: GenerationRequest }
  | {
      readonly kind: 'score' | 'evaluate';
      readonly sequences: readonly TokenSequence[];
      readonly adapter: 'on' | 'off';
    };

/** What the host gives a thread at its start; `stop` is set to 1 to stop it. */
export interface ThreadData {
  readonly stop: SharedArrayBuffer;
  readonly job:
    | { readonly kind: 'train'; readonly request: TrainingRequest }
    | { readonly kind: 'infer'; readonly request: InferenceRequest }
    | { readonly kind: 'probe'; readonly request: EnvironmentRequest };
}

/** Host -> thread. */
export type HostMessage =
  | { readonly type: 'checkpoint-stored' }
  | { readonly type: 'call'; readonly id: number; readonly call: InferenceCall }
  | { readonly type: 'close' };

/** Thread -> host. */
export type ThreadMessage =
  | {
      readonly type: 'started';
      readonly environment: ComputeEnvironment;
      readonly parameterLine: string;
    }
  | { readonly type: 'progress'; readonly progress: TrainingProgress }
  | { readonly type: 'evaluation'; readonly step: number; readonly heldOutLoss: number }
  | { readonly type: 'checkpoint'; readonly checkpoint: Checkpoint }
  | { readonly type: 'done'; readonly result: TrainingResult }
  | { readonly type: 'answer'; readonly id: number; readonly value: unknown }
  | {
      readonly type: 'refused';
      readonly id: number;
      readonly code: string;
      readonly message: string;
    }
  | { readonly type: 'error'; readonly code: string; readonly message: string };
