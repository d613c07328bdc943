import type { StepRuntime } from '../domain/lineage/index.js';
import { decodeTokenShard, type TokenSequence } from '../domain/tokenize/index.js';
import { planTraining, type TrainSettings } from '../domain/train/index.js';
import type { ComputeEnvironment, Policy, TrainReport } from '../schemas/index.js';
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

async function readSequences(context: StepContext): Promise<{
  readonly trained: readonly TokenSequence[];
  readonly heldOut: readonly TokenSequence[];
  readonly canaries: readonly TokenSequence[];
}> {
  const all: TokenSequence[] = [];
  for (const ref of context.refs('tokens')) all.push(...decodeTokenShard(await context.read(ref)));
  const canaries = decodeTokenShard(await context.read(context.ref('canaryTokens')));
  return {
    trained: [...all.filter((sequence) => !sequence.heldOut), ...canaries],
    heldOut: all.filter((sequence) => sequence.heldOut),
    canaries,
  };
}

const lengthsOf = (sequences: readonly TokenSequence[]): number[] =>
  sequences.map(({ ids }) => ids.length);

/** QLoRA in a worker thread, resumed from the last stored checkpoint of the same memo key. */
export function createTrain({ runtime, ports, checkpoints }: TrainDeps): Executor {
  return async (context) => {
    await requireChain(runtime, context.project, context);
    const environment = await context.readJson<ComputeEnvironment>(context.ref('environment'));
    const { trained, heldOut, canaries } = await readSequences(context);
    const maxSteps = (context.params['maxSteps'] as number | null) ?? context.policy.train.maxSteps;
    const settings: TrainSettings = { ...context.policy.train, maxSteps };
    const plan = planTraining({ ...settings, lengths: lengthsOf(trained) });
    const store = checkpoints(context);
    const checkpoint = await store.latest();
    let heldOutLoss: number | undefined;
    const thread = ports.train(
      {
        modelDirectory: await modelDirectory(ports, context),
        baseModelName: context.params['baseModel'] as string,
        compute: { backend: environment.backend, required: environment },
        settings,
        plan,
        sequences: trained,
        heldOut,
        ...(checkpoint === undefined ? {} : { checkpoint }),
      },
      {
        onProgress: (progress) => {
          context.heartbeat({ ...progress, ...(heldOutLoss === undefined ? {} : { heldOutLoss }) });
        },
        onEvaluation: (_step, loss) => {
          heldOutLoss = loss;
        },
        onCheckpoint: (next) => store.save(next),
      },
    );
    const cancel = () => void thread.cancel();
    context.signal.addEventListener('abort', cancel, { once: true });
    const result = await thread.done.finally(() => {
      context.signal.removeEventListener('abort', cancel);
    });
    const { evaluations, steps } = result.state;
    const report: TrainReport = {
      schema: 'custos.train-report.v1',
      parameterLine: result.parameterLine,
      environment: result.environment,
      examples: trained.length,
      heldOutExamples: heldOut.length,
      canaries: canaries.length,
      steps: result.state.step,
      evaluations: evaluations.map((evaluation) => ({ ...evaluation })),
    };
    const before = evaluations.find(({ step }) => step === 0)?.heldOutLoss;
    const after = evaluations.at(-1)?.heldOutLoss;
    const config = result.adapter['adapter_config.json'];
    const weights = result.adapter['adapter_model.safetensors'];
    return {
      outputs: {
        adapterConfig: await context.put(config, 'derived', 'application/json'),
        adapterWeights: await context.put(weights, 'derived', 'application/vnd.safetensors'),
        plan: await context.putJson(plan, 'evidence', 'application/vnd.custos.train-plan+json'),
        metrics: await context.put(csvOf(steps, evaluations), 'evidence', 'text/csv'),
        report: await context.putJson(
          report,
          'evidence',
          'application/vnd.custos.train-report+json',
        ),
      },
      counts: { examples: trained.length, heldOut: heldOut.length, steps: result.state.step },
      values: {
        parameterLine: result.parameterLine,
        ...(before === undefined ? {} : { heldOutBefore: before }),
        ...(after === undefined ? {} : { heldOutAfter: after }),
      },
    };
  };
}

interface StepRow {
  readonly step: number;
  readonly loss: number;
  readonly learningRate: number;
  readonly gradientNorm: number;
}

function csvOf(
  steps: readonly StepRow[],
  evaluations: readonly { readonly step: number; readonly heldOutLoss: number }[],
): string {
  const heldOut = new Map(evaluations.map((row) => [row.step, row.heldOutLoss]));
  const cell = (value: number | undefined) => (value === undefined ? '' : String(value));
  const rows = [
    `0,,,,${cell(heldOut.get(0))}`,
    ...steps.map((row) =>
      [row.step, row.loss, row.learningRate, row.gradientNorm, cell(heldOut.get(row.step))].join(
        ',',
      ),
    ),
  ];
  return `step,loss,learning_rate,gradient_norm,held_out_loss\n${rows.join('\n')}\n`;
}
