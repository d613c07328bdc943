import type {
  GenerationRequest,
  InferenceRequest,
  TokenSequence,
  TrainingProgress,
  TrainingRequest,
  TrainingResult,
  TrainingStart,
  Checkpoint,
  EnvironmentRequest,
} from '../../domain/train/index.js';
import type { ComputeEnvironment } from '../../schemas/index.js';

export type InferenceCall =
  | {
      readonly kind: 'generate';
      readonly request: GenerationRequest;
      /** Whether the host wants every token as it comes. */
      readonly streamed: boolean;
    }
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
  /** The prompt, counted from 1, of the present call that needs no more tokens; 0 when all do. */
  enough: 2,
} as const;

/** Bytes of that memory. */
export const SIGNAL_BYTES = 4 * Object.keys(SIGNAL).length;

/** What the host gives a thread at its start. */
export interface ThreadData {
  /** 32-bit integers, see SIGNAL. */
  readonly signals: SharedArrayBuffer;
  readonly job:
    | { readonly kind: 'train'; readonly request: TrainingRequest }
    | { readonly kind: 'infer'; readonly request: InferenceRequest }
    | {
        readonly kind: 'probe';
        readonly request: EnvironmentRequest;
        /** Whether to measure the backend too. */
        readonly timed: boolean;
      };
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
      /** How long the backend took for the trial of a timed probe. */
      readonly milliseconds?: number;
    }
  | { readonly type: 'training'; readonly start: TrainingStart }
  | { readonly type: 'progress'; readonly progress: TrainingProgress }
  | { readonly type: 'evaluation'; readonly step: number; readonly heldOutLoss: number }
  | { readonly type: 'checkpoint'; readonly checkpoint: Checkpoint }
  | { readonly type: 'done'; readonly result: TrainingResult }
  | {
      readonly type: 'token';
      readonly id: number;
      readonly prompt: number;
      readonly token: number;
    }
  | { readonly type: 'answer'; readonly id: number; readonly value: unknown }
  | {
      readonly type: 'refused';
      readonly id: number;
      readonly code: string;
      readonly message: string;
    }
  | { readonly type: 'error'; readonly code: string; readonly message: string };
