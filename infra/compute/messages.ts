import type { AdapterFiles } from '../../domain/model/index.js';
import type { TokenSequence, TrainSettings } from '../../domain/train/index.js';
import type { CheckpointState, ComputeEnvironment, TrainPlan } from '../../schemas/index.js';
import type { EnvironmentRequest } from './environment.js';

export interface Checkpoint {
  /** Safetensors: adapter and optimizer state. */
  readonly bytes: Uint8Array;
  readonly state: CheckpointState;
}

export interface TrainingRequest {
  /** A directory with config.json and the weights, verified by the caller. */
  readonly modelDirectory: string;
  /** What the adapter's config says its base model is. */
  readonly baseModelName: string;
  readonly compute: EnvironmentRequest;
  readonly settings: TrainSettings;
  readonly plan: TrainPlan;
  readonly sequences: readonly TokenSequence[];
  readonly heldOut: readonly TokenSequence[];
  /** Continue from here; the result equals the uninterrupted run's. */
  readonly checkpoint?: Checkpoint;
  /** Start from this adapter instead of a fresh one. */
  readonly initialAdapter?: AdapterFiles;
}

export interface TrainingProgress {
  readonly step: number;
  readonly totalSteps: number;
  readonly loss: number;
  readonly learningRate: number;
  readonly tokensPerSecond: number;
  readonly etaSeconds: number;
  readonly rssBytes: number;
}

export interface TrainingResult {
  readonly adapter: AdapterFiles;
  readonly environment: ComputeEnvironment;
  readonly state: CheckpointState;
  /** `trainable params: N || all params: M || trainable%: P` */
  readonly parameterLine: string;
  readonly peakRssBytes: number;
}

export interface InferenceRequest {
  readonly modelDirectory: string;
  readonly compute: EnvironmentRequest;
  readonly quantization: TrainSettings['quantization'];
  readonly adapter?: AdapterFiles;
}

export interface GenerationRequest {
  readonly prompts: readonly Int32Array[];
  readonly maxNewTokens: number;
  readonly temperature: number;
  readonly topP: number;
  readonly seed: number;
  /** Tokens that end a generation; the model's own when not given. */
  readonly stopIds?: readonly number[];
  readonly adapter: 'on' | 'off';
}

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
