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

/** Words of the memory that host and thread share, so that both are heard while either computes. */
export const SIGNAL = {
  /** The host sets it to 1 to stop the thread. */
  stop: 0,
  /** The thread counts here what it gets done. */
  beats: 1,
} as const;

/** What the host gives a thread at its start. */
export interface ThreadData {
  /** Two 32-bit integers, see SIGNAL. */
  readonly signals: SharedArrayBuffer;
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
