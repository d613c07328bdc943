import type {
  InferenceRequest,
  InferenceThread,
  TrainingHandlers,
  TrainingRequest,
  TrainingThread,
} from '../domain/train/index.js';
import type { NameModel, NameTagger, Profile } from '../domain/redact/index.js';
import type { ArtifactRef, ComputeEnvironment } from '../schemas/index.js';
import type { StepContext } from './context.js';

/** What redaction, training and audit need of the machine, given by the composition root. */
export interface ComputePorts {
  /** Starts the wanted backend for a moment and says what it is. @throws ComputeError */
  probe(backend: ComputeEnvironment['backend'] | 'auto'): Promise<ComputeEnvironment>;
  train(request: TrainingRequest, handlers: TrainingHandlers): TrainingThread;
  /** @param signal ends the thread when it aborts, also while it loads the model */
  infer(request: InferenceRequest, signal: AbortSignal): Promise<InferenceThread>;
  /** What reads names under a profile; undefined where it needs none. Opened once a process. */
  openTagger(profile: Profile, model?: NameModel): Promise<NameTagger | undefined>;
  /** A directory with the named files, each verified; reused by later steps. */
  materialize(
    files: readonly { readonly name: string; readonly ref: ArtifactRef }[],
    read: (ref: ArtifactRef) => Promise<Uint8Array>,
  ): Promise<string>;
}

/** The base model's directory for a step that names its files as `model`. */
export function modelDirectory(ports: ComputePorts, context: StepContext): Promise<string> {
  const names = context.params['modelFiles'] as readonly string[];
  const files = context
    .refs('model')
    .map((ref, index) => ({ name: names[index] ?? ref.digest, ref }));
  return ports.materialize(files, (ref) => context.read(ref));
}
