import type { AdapterFiles } from '../model/index.js';
import type {
  CheckpointState,
  ComputeEnvironment,
  MemoryPlan,
  TrainPlan,
} from '../../schemas/index.js';
import type { SamplingSettings } from './sampling.js';
import type { TokenSequence } from './sequence.js';
import type { TrainSettings } from './settings.js';

export interface EnvironmentRequest {
  readonly backend: ComputeEnvironment['backend'] | 'auto';
  readonly threads?: number;
  /** The environment an interrupted run drew: it is used again, or the request fails. */
  readonly required?: ComputeEnvironment;
}

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
  /** Recompute activations in the backward pass; decided by what they take when not given. */
  readonly recompute?: boolean;
}

export interface TrainingProgress {
  readonly step: number;
  readonly totalSteps: number;
  readonly loss: number;
  readonly learningRate: number;
  readonly tokensPerSecond: number;
  readonly etaSeconds: number;
  /** What the process holds for it, counted as in the memory plan. */
  readonly takenBytes: number;
}

/** What is known of a training before its first step. */
export interface TrainingStart {
  readonly environment: ComputeEnvironment;
  /** `trainable params: N || all params: M || trainable%: P` */
  readonly parameterLine: string;
  readonly memory: MemoryPlan;
}

export interface TrainingResult extends TrainingStart {
  readonly adapter: AdapterFiles;
  readonly state: CheckpointState;
  readonly peakRssBytes: number;
}

export interface InferenceRequest {
  readonly modelDirectory: string;
  readonly compute: EnvironmentRequest;
  readonly quantization: TrainSettings['quantization'];
  readonly adapter?: AdapterFiles;
}

export interface GenerationRequest extends SamplingSettings {
  readonly prompts: readonly Int32Array[];
  readonly maxNewTokens: number;
  readonly seed: number;
  /** Tokens that end a generation; the model's own when not given. */
  readonly stopIds?: readonly number[];
  readonly adapter: 'on' | 'off';
}

/** A prompt's place in its request, and its next token; true when that prompt needs no more. */
export type OnToken = (prompt: number, token: number) => boolean;

/** What the host does with a training thread's messages. */
export interface TrainingHandlers {
  readonly onStarted?: (start: TrainingStart) => void;
  readonly onProgress?: (progress: TrainingProgress) => void;
  readonly onEvaluation?: (step: number, heldOutLoss: number) => void;
  /** Stores the checkpoint; the thread waits. A failure ends the training with that failure. */
  readonly onCheckpoint?: (checkpoint: Checkpoint) => Promise<void>;
}

export interface TrainingThread {
  /** Rejects with an error that has a `code`. */
  readonly done: Promise<TrainingResult>;
  /** Stops within seconds; `done` then rejects with code CANCELLED. */
  readonly cancel: () => Promise<void>;
}

export interface InferenceThread {
  readonly environment: ComputeEnvironment;
  /**
   * New tokens of each prompt, without the stop token.
   * @param onToken gets each token as it comes; a prompt for which it gives true ends soon after
   */
  readonly generate: (request: GenerationRequest, onToken?: OnToken) => Promise<Int32Array[]>;
  /** Per sequence, the log-probability (nats) of every token after the first. */
  readonly score: (
    sequences: readonly TokenSequence[],
    adapter: 'on' | 'off',
  ) => Promise<Float32Array[]>;
  /** Mean negative log-likelihood over the counted tokens. */
  readonly evaluate: (
    sequences: readonly TokenSequence[],
    adapter: 'on' | 'off',
  ) => Promise<Evaluation>;
  /** Ends the thread; pending calls reject with code CANCELLED. */
  readonly close: () => Promise<void>;
}

export interface Evaluation {
  /** Mean negative log-likelihood (nats) over the counted tokens. */
  readonly meanLoss: number;
  readonly tokens: number;
}
