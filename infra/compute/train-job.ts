import {
  adapterBase,
  countParameters,
  readAdapter,
  writeAdapter,
  type Adapter,
  type AdapterFiles,
  type ModelConfig,
  type TensorSource,
} from '../../domain/model/index.js';
import {
  checkSequences,
  requireCountedTokens,
  restoreCheckpoint,
  TrainError,
  writeCheckpoint,
  requireMemory,
} from '../../domain/train/index.js';
import {
  createState,
  disposeAdapter,
  evaluate,
  loadBaseModel,
  startMagnitudes,
  needsRecomputation,
  takeStep,
  uploadAdapter,
  type BaseModel,
  type TrainState,
} from '../../domain/train/engine/index.js';
import type { CheckpointState, ComputeEnvironment, MemoryPlan } from '../../schemas/index.js';
import { startEnvironment } from './environment.js';
import { withModelFiles } from './model-files.js';
import type {
  Checkpoint,
  TrainingProgress,
  TrainingRequest,
  TrainingResult,
  TrainingStart,
} from '../../domain/train/index.js';

/** What a training job tells and asks its host. */
export interface TrainingHost {
  readonly onStarted: (start: TrainingStart) => void;
  readonly onProgress: (progress: TrainingProgress) => void;
  readonly onEvaluation: (step: number, heldOutLoss: number) => void;
  /** Resolves once the checkpoint is stored durably; training waits. */
  readonly onCheckpoint: (checkpoint: Checkpoint) => Promise<void>;
  /** Called often; throws to stop. */
  readonly checkStop: () => void;
}

interface Job {
  readonly request: TrainingRequest;
  readonly host: TrainingHost;
  readonly model: BaseModel;
  readonly state: TrainState;
  readonly metrics: CheckpointState;
  readonly takenBytes: () => number;
}

async function evaluateHeldOut(
  { model, state, request, host, metrics }: Job,
  step: number,
): Promise<void> {
  if (request.heldOut.length === 0) return;
  const adapter = uploadAdapter(state.adapter);
  try {
    const { meanLoss } = await evaluate(model, adapter, request.heldOut, host.checkStop);
    metrics.evaluations.push({ step, heldOutLoss: meanLoss });
    host.onEvaluation(step, meanLoss);
  } finally {
    disposeAdapter(adapter);
  }
}

/** Speed and time left, from the steps this process took itself. */
function progressMeter(totalSteps: number, takenBytes: () => number) {
  const begin = performance.now();
  let tokens = 0;
  let taken = 0;
  return (
    stepTokens: number,
    step: number,
    loss: number,
    learningRate: number,
  ): TrainingProgress => {
    tokens += stepTokens;
    taken += 1;
    const seconds = (performance.now() - begin) / 1000;
    return {
      step,
      totalSteps,
      loss,
      learningRate,
      tokensPerSecond: tokens / seconds,
      etaSeconds: (seconds / taken) * (totalSteps - step),
      takenBytes: takenBytes(),
    };
  };
}

async function trainSteps(job: Job): Promise<void> {
  const { request, host, model, state, metrics } = job;
  const { plan, settings, sequences } = request;
  const total = plan.steps.length;
  const meter = progressMeter(total, job.takenBytes);
  if (metrics.step === 0 && metrics.evaluations.length === 0) await evaluateHeldOut(job, 0);
  while (metrics.step < total) {
    const step = metrics.step;
    const figures = await takeStep(state, {
      model,
      settings,
      plan,
      sequences,
      step,
      recompute: request.recompute,
      onPass: host.checkStop,
    });
    metrics.steps.push(figures);
    metrics.step = step + 1;
    metrics.epoch = metrics.step / plan.stepsPerEpoch;
    const indices = (plan.steps[step] ?? []).flat();
    const tokens = indices.reduce((sum, index) => sum + (sequences[index]?.ids.length ?? 0), 0);
    host.onProgress(meter(tokens, metrics.step, figures.loss, figures.learningRate));
    const last = metrics.step === total;
    if (last || metrics.step % settings.evalSteps === 0) await evaluateHeldOut(job, metrics.step);
    if (!last && metrics.step % settings.saveSteps === 0) {
      const bytes = writeCheckpoint(state.adapter, state.optimizer);
      await host.onCheckpoint({ bytes, state: structuredClone(metrics) });
    }
    host.checkStop();
  }
}

/** @throws TrainError ADAPTER_MISMATCH */
function checkBase(initialAdapter: AdapterFiles, baseModelName: string): void {
  const named = adapterBase(initialAdapter);
  if (named === baseModelName) return;
  throw new TrainError(
    'ADAPTER_MISMATCH',
    `The adapter to start from was made for ${named ?? 'a base model that it does not name'}; this run trains on ${baseModelName}.`,
  );
}

async function initialState(config: ModelConfig, request: TrainingRequest): Promise<TrainState> {
  const { initialAdapter, checkpoint, settings } = request;
  const initial: Adapter | undefined =
    initialAdapter === undefined ? undefined : await readAdapter(initialAdapter);
  if (initialAdapter !== undefined) checkBase(initialAdapter, request.baseModelName);
  const state = createState(config, settings, initial);
  if (checkpoint !== undefined)
    await restoreCheckpoint(checkpoint.bytes, state.adapter, state.optimizer);
  return state;
}

/** What a process that does nothing else holds before a training, as measured: part of the plan's runtime. */
const LOADED = 140e6;

/**
 * Memory by the plan's measure, which counts the runtime too: of what the process holds before the
 * training, no more is of use to it than would be there without other steps.
 */
function memoryMeter() {
  const before = process.memoryUsage.rss();
  const loaded = Math.min(before, LOADED);
  return {
    /** What a training may take: what is loaded, and what the machine or its container has left. */
    availableBytes: () => process.availableMemory() + loaded,
    takenBytes: () => Math.max(0, process.memoryUsage.rss() - before) + loaded,
  };
}

type MemoryMeter = ReturnType<typeof memoryMeter>;

function planOf(
  config: ModelConfig,
  request: TrainingRequest,
  longest: number,
  availableBytes: number,
): MemoryPlan {
  const { settings, plan, sequences } = request;
  const length = (index: number) => sequences[index]?.ids.length ?? 0;
  const passes = plan.steps.flat().map((pass) => pass.reduce((sum, i) => sum + length(i), 0));
  const passTokens = passes.reduce((most, tokens) => Math.max(most, tokens), 1);
  const recompute = request.recompute ?? needsRecomputation(config, passTokens);
  return requireMemory({ config, settings, passTokens, longest, recompute }, availableBytes);
}

async function train(
  config: ModelConfig,
  tensors: TensorSource,
  request: TrainingRequest,
  environment: ComputeEnvironment,
  host: TrainingHost,
  { availableBytes, takenBytes }: MemoryMeter,
): Promise<TrainingResult> {
  const { settings, sequences, heldOut, checkpoint } = request;
  const all = [...sequences, ...heldOut];
  checkSequences(all, config.vocabSize, config.maxPositions);
  requireCountedTokens(sequences);
  const longest = all.reduce((most, { ids }) => Math.max(most, ids.length), 1);
  const memory = planOf(config, request, longest, availableBytes());
  const state = await initialState(config, request);
  const parameterLine = countParameters(config, state.adapter.settings).line;
  const start = { environment, parameterLine, memory };
  host.onStarted(start);
  const model = await loadBaseModel(tensors, config, settings.quantization, longest);
  if (settings.dora && checkpoint === undefined && request.initialAdapter === undefined)
    await startMagnitudes(state, model);
  const metrics: CheckpointState = structuredClone(
    checkpoint?.state ?? { step: 0, epoch: 0, steps: [], evaluations: [] },
  );
  await trainSteps({ request, host, model, state, metrics, takenBytes });
  const peakRssBytes = process.resourceUsage().maxRSS * 1024;
  return {
    ...start,
    adapter: writeAdapter(state.adapter, request.baseModelName),
    state: metrics,
    peakRssBytes,
  };
}

/**
 * Trains an adapter in this thread. Equal requests in an equal environment give equal bytes, and
 * so does a run continued from a checkpoint.
 * @throws ComputeError, ModelError, TrainError
 */
export async function runTraining(
  request: TrainingRequest,
  host: TrainingHost,
): Promise<TrainingResult> {
  const meter = memoryMeter();
  const environment = await startEnvironment(request.compute);
  return withModelFiles(
    request.modelDirectory,
    (config, tensors) => train(config, tensors, request, environment, host, meter),
    host.checkStop,
  );
}
