import type { StepOutput, StepRuntime } from '../domain/lineage/index.js';
import { decodeTokenShard, type TokenSequence } from '../domain/tokenize/index.js';
import {
  describeMemory,
  metricsCsv,
  planTraining,
  requireCountedTokens,
  trainingChart,
  type TrainingRequest,
  type TrainingResult,
  type TrainSettings,
} from '../domain/train/index.js';
import type { ComputeEnvironment, Policy, TrainPlan, TrainReport } from '../schemas/index.js';
import { requireChain } from './chain.js';
import type { CheckpointStore } from './checkpoints.js';
import { modelDirectory, type ComputePorts } from './compute-ports.js';
import type { Executor, StepContext } from './context.js';

export interface TrainDeps {
  readonly runtime: StepRuntime;
  readonly ports: ComputePorts;
  readonly checkpoints: (context: StepContext) => CheckpointStore;
}

type Wanted = Policy['train']['backend'];

/** Draws the numeric environment of a run, once: a resume uses it or stops. */
export function createCompute(ports: ComputePorts): Executor {
  return async (context) => {
    const wanted =
      (context.params['backend'] as Wanted | undefined) ?? context.policy.train.backend;
    const environment = await ports.probe(wanted);
    return {
      outputs: {
        environment: await context.putJson(
          environment,
          'evidence',
          'application/vnd.custos.environment+json',
        ),
      },
      values: { backend: environment.backend, threads: environment.threads },
    };
  };
}

interface Sequences {
  readonly trained: readonly TokenSequence[];
  readonly heldOut: readonly TokenSequence[];
  readonly canaries: readonly TokenSequence[];
}

async function readSequences(context: StepContext): Promise<Sequences> {
  const all: TokenSequence[] = [];
  for (const ref of await context.list('tokens', 'tokens'))
    all.push(...decodeTokenShard(await context.read(ref)));
  const canaries = decodeTokenShard(await context.read(context.ref('canaryTokens')));
  return {
    trained: [...all.filter((sequence) => !sequence.heldOut), ...canaries],
    heldOut: all.filter((sequence) => sequence.heldOut),
    canaries,
  };
}

function settingsOf({ params, policy }: StepContext): TrainSettings {
  const maxSteps = (params['maxSteps'] as number | null) ?? policy.train.maxSteps;
  return { ...policy.train, maxSteps };
}

/** Trains to the end, or until the step is cancelled. */
async function trainInThread(
  ports: ComputePorts,
  context: StepContext,
  request: TrainingRequest,
  store: CheckpointStore,
): Promise<TrainingResult> {
  // An abort that came before the thread was there would never be heard.
  context.signal.throwIfAborted();
  // What goes with every heartbeat: one that comes late replaces those before it.
  let known: Readonly<Record<string, number | string>> = {};
  const thread = ports.train(request, {
    onStarted: ({ memory }) => {
      known = { plannedBytes: memory.total };
      context.heartbeat({ ...known, plan: describeMemory(memory) });
    },
    onProgress: (progress) => {
      context.heartbeat({ ...known, ...progress });
    },
    onEvaluation: (_step, heldOutLoss) => {
      known = { ...known, heldOutLoss };
    },
    onCheckpoint: (checkpoint) => store.save(checkpoint),
  });
  const cancel = () => void thread.cancel();
  context.signal.addEventListener('abort', cancel, { once: true });
  return thread.done.finally(() => {
    context.signal.removeEventListener('abort', cancel);
  });
}

function reportOf(
  { trained, heldOut, canaries }: Sequences,
  plan: TrainPlan,
  { parameterLine, memory, environment, state }: TrainingResult,
): TrainReport {
  const read = new Set(plan.steps.flat(2));
  const records = trained.length - canaries.length;
  return {
    schema: 'custos.train-report.v1',
    parameterLine,
    memory,
    environment,
    examples: trained.length,
    examplesRead: read.size,
    heldOutExamples: heldOut.length,
    canaries: canaries.length,
    canariesRead: [...read].filter((index) => index >= records).length,
    steps: state.step,
    evaluations: state.evaluations.map((evaluation) => ({ ...evaluation })),
  };
}

async function outputOf(
  context: StepContext,
  plan: TrainPlan,
  report: TrainReport,
  { adapter, state }: TrainingResult,
): Promise<StepOutput> {
  const evidence = (value: unknown, name: string) =>
    context.putJson(value, 'evidence', `application/vnd.custos.${name}+json`);
  const { 'adapter_config.json': config, 'adapter_model.safetensors': weights } = adapter;
  const before = report.evaluations.find(({ step }) => step === 0)?.heldOutLoss;
  const after = report.evaluations.at(-1)?.heldOutLoss;
  return {
    outputs: {
      adapterConfig: await context.put(config, 'derived', 'application/json'),
      adapterWeights: await context.put(weights, 'derived', 'application/vnd.safetensors'),
      plan: await evidence(plan, 'train-plan'),
      metrics: await context.put(metricsCsv(state), 'evidence', 'text/csv'),
      chart: await context.put(trainingChart(state), 'evidence', 'image/svg+xml'),
      report: await evidence(report, 'train-report'),
    },
    counts: {
      examples: report.examples,
      examplesRead: report.examplesRead,
      heldOut: report.heldOutExamples,
      steps: report.steps,
    },
    values: {
      parameterLine: report.parameterLine,
      memory: report.memory,
      ...(before === undefined ? {} : { heldOutBefore: before }),
      ...(after === undefined ? {} : { heldOutAfter: after }),
    },
  };
}

/** QLoRA in a worker thread, resumed from the last stored checkpoint of the same memo key. */
export function createTrain({ runtime, ports, checkpoints }: TrainDeps): Executor {
  return async (context) => {
    await requireChain(runtime, context.project, context);
    const environment = await context.readJson<ComputeEnvironment>(context.ref('environment'));
    const sequences = await readSequences(context);
    // Canaries always count; alone they would be learned and nothing else.
    const records = sequences.trained.slice(0, -sequences.canaries.length || undefined);
    if (records.length > 0) requireCountedTokens(records);
    const settings = settingsOf(context);
    const lengths = sequences.trained.map(({ ids }) => ids.length);
    const plan = planTraining({ ...settings, lengths, canaries: sequences.canaries.length });
    const store = checkpoints(context);
    const checkpoint = await store.latest(plan.steps.length);
    const request: TrainingRequest = {
      modelDirectory: await modelDirectory(ports, context),
      baseModelName: context.params['baseModel'] as string,
      compute: { backend: environment.backend, required: environment },
      settings,
      plan,
      sequences: sequences.trained,
      heldOut: sequences.heldOut,
      ...(checkpoint === undefined ? {} : { checkpoint }),
    };
    const result = await trainInThread(ports, context, request, store);
    const output = await outputOf(context, plan, reportOf(sequences, plan, result), result);
    return { ...output, afterCommit: store.clear };
  };
}
