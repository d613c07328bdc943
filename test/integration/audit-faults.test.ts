import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MockActivityEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAudit } from '../../activities/audit.js';
import type { ComputePorts } from '../../activities/compute-ports.js';
import { stepActivity } from '../../activities/edge.js';
import {
  buildCanaries,
  commitCanaries,
  insertedRecords,
  scoredRecords,
} from '../../domain/leak/index.js';
import { canonicalBytes, RESULTS_MEDIA_TYPE } from '../../domain/lineage/index.js';
import {
  initializeAdapter,
  LORA_MODULES,
  parseModelConfig,
  writeAdapter,
} from '../../domain/model/index.js';
import { encodeTokenShard, loadTokenizer, tokenizeShard } from '../../domain/tokenize/index.js';
import { planTraining, type InferenceThread } from '../../domain/train/index.js';
import { openTagger } from '../../infra/redaction/index.js';
import { probeEnvironment, startInferenceThread } from '../../infra/compute/index.js';
import { STEPS } from '../../policies/index.js';
import type {
  ArtifactRef,
  ComputeEnvironment,
  LeakReport,
  Policy,
  StepRequest,
  StepResult,
} from '../../schemas/index.js';
import { smallRun } from '../support/installation.js';
import { openTestInstallation, type TestInstallation } from '../support/runtime.js';

const MODEL = 'models/tiny/model';
const MODEL_FILES = ['config.json', 'model.safetensors', 'tokenizer.json', 'tokenizer_config.json'];
const PROMPT_MS = 5_000;

let installation: TestInstallation;
let policy: Policy;
let inputs: StepRequest['inputs'];
let environment: ComputeEnvironment;
/** What the audits stored, by digest. */
const stored = new Map<string, ArtifactRef>();

function put(
  value: Uint8Array | object,
  artifactClass: ArtifactRef['class'] = 'evidence',
  mediaType = 'application/json',
): Promise<ArtifactRef> {
  const bytes = value instanceof Uint8Array ? value : canonicalBytes(value);
  const options = { class: artifactClass, mediaType, project: 'demo' };
  return installation.stores.artifacts.put(bytes, {
    ...options,
    ...(artifactClass === 'vault' ? { salt: Buffer.alloc(32, 7) } : {}),
  });
}

beforeAll(async () => {
  installation = await openTestInstallation();
  ({ policy } = await smallRun(1));
  environment = await probeEnvironment('auto');
  const files = new Map<string, Buffer>();
  for (const name of MODEL_FILES) files.set(name, await readFile(join(MODEL, name)));
  const json = (name: string): unknown => JSON.parse(String(files.get(name)));
  const codec = loadTokenizer({
    tokenizer: json('tokenizer.json'),
    config: json('tokenizer_config.json'),
  });
  const secret = Buffer.alloc(32, 1);
  const set = buildCanaries({ secret, policy: policy.inject, codec });
  const options = { ...policy.tokenize, heldOutShare: 0.5 };
  const { sequences } = tokenizeShard(scoredRecords(set), codec, options);
  const inserted = tokenizeShard(insertedRecords(set), codec, options).sequences;
  const given = [...sequences.filter(({ heldOut }) => !heldOut), ...inserted];
  const lengths = given.map(({ ids }) => ids.length);
  const plan = planTraining({ ...policy.train, lengths, canaries: inserted.length });
  const adapter = writeAdapter(
    initializeAdapter(
      parseModelConfig(json('config.json')),
      { r: 4, alpha: 8, dropout: 0, targetModules: LORA_MODULES },
      1,
    ),
    'tiny',
  );
  const file = (name: string) => put(files.get(name) ?? Buffer.from(''), 'public');
  const shard: StepResult = {
    schema: 'custos.step-result.v1',
    step: STEPS.tokenizeShard.name,
    kind: 'pure',
    memoKey: `sha256:${'0'.repeat(64)}`,
    inputs: {},
    outputs: { tokens: await put(encodeTokenShard(sequences), 'derived') },
    counts: {},
    values: {},
  };
  inputs = {
    model: await Promise.all(MODEL_FILES.map(file)),
    tokenizer: await file('tokenizer.json'),
    tokenizerConfig: await file('tokenizer_config.json'),
    environment: await put(environment),
    canaries: await put(set, 'vault'),
    commitment: await put(commitCanaries(set)),
    canaryTokens: await put(encodeTokenShard(inserted), 'vault'),
    plan: await put(plan),
    tokens: await put([shard], 'evidence', RESULTS_MEDIA_TYPE),
    vault: [],
    adapterConfig: await put(adapter['adapter_config.json'], 'derived'),
    adapterWeights: await put(adapter['adapter_model.safetensors'], 'derived'),
  };
}, 120_000);
afterAll(() => installation.close());

/** The audit as the worker runs it, over `infer`. */
async function audit(
  infer: ComputePorts['infer'],
  run: string,
  activity = new MockActivityEnvironment(),
): Promise<StepResult> {
  const refused = () => Promise.reject(new Error('the audit asks for no training'));
  const ports: ComputePorts = {
    probe: refused,
    train: () => ({ done: refused(), cancel: refused }),
    infer,
    openTagger,
    materialize: () => Promise.resolve(MODEL),
  };
  const request: StepRequest = {
    runId: `run-${run}`,
    project: 'demo',
    params: { modelFiles: MODEL_FILES, run },
    inputs,
    policy: await put(policy, 'public'),
  };
  const { artifacts } = installation.runtime;
  const runtime = {
    ...installation.runtime,
    artifacts: {
      ...artifacts,
      put: async (...args: Parameters<typeof artifacts.put>) => {
        const ref = await artifacts.put(...args);
        stored.set(ref.digest, ref);
        return ref;
      },
    },
  };
  return activity.run(stepActivity(runtime, STEPS.audit, createAudit(ports)), request);
}

/** A model that says nothing and knows nothing: enough to come to the end of every attack. */
const silent: InferenceThread = {
  get environment() {
    return environment;
  },
  generate: ({ prompts }) => Promise.resolve(prompts.map(() => new Int32Array())),
  score: (sequences, adapter) =>
    Promise.resolve(
      sequences.map(({ ids }, i) =>
        new Float32Array(ids.length - 1).fill(adapter === 'on' ? -1 - ((7 * i) % 13) / 10 : -1),
      ),
    ),
  evaluate: () => Promise.resolve({ meanLoss: 1, tokens: 1 }),
  close: () => Promise.resolve(),
};

const failing = (code: string): InferenceThread => ({
  ...silent,
  generate: () => Promise.reject(Object.assign(new Error('what was said'), { code })),
});

async function memoized(): Promise<number> {
  let count = 0;
  for await (const _ of installation.stores.memo.list('')) count += 1;
  return count;
}

describe('a fault inside an attack', () => {
  it.each(['THREAD_STALLED', 'THREAD_LOST', 'STORE_UNAVAILABLE', 'ECONNRESET'])(
    '%s is tried again and leaves no red audit behind',
    async (code) => {
      const before = await memoized();
      await expect(audit(() => Promise.resolve(failing(code)), code)).rejects.toMatchObject({
        type: code,
        nonRetryable: false,
      });
      expect(await memoized()).toBe(before);
      const result = await audit(() => Promise.resolve(silent), code);
      expect(result.counts).toEqual({ attacks: 4, errors: 0 });
    },
  );

  it('that will not pass fails the step, with the report kept and not to be reused', async () => {
    const before = await memoized();
    const failure = await audit(() => Promise.resolve(failing('SEQUENCE_INVALID')), 'real').then(
      () => undefined,
      (error: unknown) => error as Error,
    );
    expect(failure).toMatchObject({ type: 'AUDIT_INCOMPLETE', nonRetryable: true });
    expect(failure?.message).toContain('generations: SEQUENCE_INVALID');
    expect(failure?.message).not.toContain('what was said');
    expect(await memoized()).toBe(before);
    const digest = /sha256:[0-9a-f]{64}/.exec(failure?.message ?? '')?.[0] ?? '';
    const ref = stored.get(digest);
    if (ref === undefined) throw new Error(`no report ${digest}`);
    const bytes = await installation.stores.artifacts.get(ref, 'demo');
    const report = JSON.parse(Buffer.from(bytes).toString()) as LeakReport;
    expect(report.passed).toBe(false);
    expect(report.errors.map(({ attack }) => attack)).toContain('generations');
  });
});

describe('cancelling an audit on a real thread', () => {
  it.each(['canaries', 'generations'])(
    'is prompt during %s',
    async (attack) => {
      const activity = new MockActivityEnvironment();
      let cancelledAt = Infinity;
      activity.on('heartbeat', (detail: { readonly attack?: string }) => {
        if (detail.attack !== attack) return;
        cancelledAt = Math.min(cancelledAt, performance.now());
        activity.cancel('CANCELLED');
      });
      await expect(audit(startInferenceThread, `cancel ${attack}`, activity)).rejects.toThrow(
        'cancelled',
      );
      expect(performance.now() - cancelledAt).toBeLessThan(PROMPT_MS);
    },
    120_000,
  );
});
