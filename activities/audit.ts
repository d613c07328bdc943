import { adapterDigestOf } from '../domain/evidence/index.js';
import { LeakError, leakReport, runAttack } from '../domain/leak/index.js';
import type { InferenceThread } from '../domain/train/index.js';
import type {
  ArtifactRef,
  CanaryCommitment,
  ComputeEnvironment,
  LeakReport,
} from '../schemas/index.js';
import { attackCanaries, attackGenerations, attackRecords, attackSecrets } from './attacks.js';
import { openAudit, type Audit } from './audit-inputs.js';
import { modelDirectory, type ComputePorts } from './compute-ports.js';
import type { Executor, StepContext } from './context.js';
import { retryOf } from './retryable.js';

/** Loads the base model with the adapter; the thread ends with the step, or when it is cancelled. */
async function openModel(ports: ComputePorts, context: StepContext): Promise<InferenceThread> {
  const environment = await context.readJson<ComputeEnvironment>(context.ref('environment'));
  const request = {
    modelDirectory: await modelDirectory(ports, context),
    compute: { backend: environment.backend, required: environment },
    quantization: context.policy.train.quantization,
    adapter: {
      'adapter_config.json': await context.read(context.ref('adapterConfig')),
      'adapter_model.safetensors': await context.read(context.ref('adapterWeights')),
    },
  };
  return ports.infer(request, context.signal);
}

/**
 * Runs an attack. One that was cancelled, or met a fault that may pass, has shown nothing: its error
 * is thrown, so that the step is tried again. Any other error is what the attack came to.
 */
async function attempt<T>(context: StepContext, name: string, attack: () => Promise<T>) {
  context.heartbeat({ attack: name });
  let fault: Error | undefined;
  const result = await runAttack(async () => {
    try {
      return await attack();
    } catch (error) {
      const code = (error as { code?: unknown } | undefined)?.code;
      const passing = typeof code === 'string' && retryOf(code) !== 'never';
      if (error instanceof Error && passing) fault = error;
      throw error;
    }
  });
  context.signal.throwIfAborted();
  if (fault !== undefined) throw fault;
  return result;
}

async function attackAll(
  ports: ComputePorts,
  audit: Audit,
  commitment: CanaryCommitment,
): Promise<LeakReport> {
  const { context } = audit;
  const adapterDigest = adapterDigestOf({
    step: 'custos.train',
    outputs: {
      adapterConfig: context.ref('adapterConfig'),
      adapterWeights: context.ref('adapterWeights'),
    },
  });
  return leakReport({
    adapterDigest,
    coinCommitment: commitment.coinCommitment,
    policy: context.policy.audit,
    canaries: await attempt(context, 'canaries', () => attackCanaries(audit)),
    secrets: await attempt(context, 'secrets', () => attackSecrets(audit)),
    records: await attempt(context, 'records', () => attackRecords(audit)),
    generations: await attempt(context, 'generations', async () =>
      attackGenerations(
        audit,
        await ports.openTagger(context.policy.redact.profile, context.policy.redact.model),
      ),
    ),
  });
}

/** A report with errors is kept for people to read, but it is no result that another run may reuse. */
function requireComplete({ errors }: LeakReport, { digest }: ArtifactRef): void {
  if (errors.length === 0) return;
  const said = errors.map(({ attack, code }) => `${attack}: ${code}`).join(', ');
  throw new LeakError(
    'AUDIT_INCOMPLETE',
    `The audit could not make ${String(errors.length)} of its 4 attacks (${said}), so nothing is released. What it measured is ${digest}; mend the cause and run again, the training is not repeated.`,
  );
}

/**
 * Attacks the adapter.
 * @throws LeakError AUDIT_INCOMPLETE when an attack failed; the report is stored nevertheless
 */
export function createAudit(ports: ComputePorts): Executor {
  return async (context) => {
    const commitment = await context.readJson<CanaryCommitment>(context.ref('commitment'));
    const model = await openModel(ports, context);
    try {
      const report = await attackAll(ports, await openAudit(context, model), commitment);
      const stored = await context.putJson(
        report,
        'evidence',
        'application/vnd.custos.leak-report+json',
      );
      requireComplete(report, stored);
      return {
        outputs: { report: stored },
        counts: { attacks: 4, errors: report.errors.length },
        values: { passed: report.passed, gates: report.gates },
      };
    } finally {
      await model.close();
    }
  };
}
