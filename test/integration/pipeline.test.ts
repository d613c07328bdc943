import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readRunSteps, type RunStep } from '../../cli/run-evidence.js';
import type { LoadedRun } from '../../cli/load-files.js';
import { saltedLeaf, verifyLedgerProof } from '../../domain/evidence/index.js';
import { digestJson } from '../../domain/lineage/index.js';
import { readAdapter } from '../../domain/model/index.js';
import { sourceLocation } from '../../domain/record/index.js';
import { openSourceStore } from '../../infra/sources/index.js';
import { STAGES } from '../../policies/index.js';
import {
  check,
  validateTrainReport,
  type ArtifactRef,
  type StepResult,
} from '../../schemas/index.js';
import type { RunOutcome } from '../../workflows/messages.js';
import {
  findUnfounded,
  listedDigests,
  findWrongDigests,
  namedArtifacts,
  storedResults,
} from '../support/chain.js';
import { sampleRun, startInstallation, type Installation } from '../support/installation.js';
import { bytesIn, findValues, plantedValues } from '../support/planted-values.js';
import { trainOnShuffledResponses, type HeldOutLosses } from '../support/shuffled-control.js';

const MINUTE = 60_000;

let installation: Installation;
let loaded: LoadedRun;
let outcome: RunOutcome;
let steps: readonly RunStep[];
let results: readonly StepResult[];

beforeAll(async () => {
  installation = await startInstallation();
  loaded = await sampleRun();
  outcome = await installation.run(loaded);
  steps = await readRunSteps(installation.stores, outcome.runId);
  results = await storedResults(installation.stores);
}, 15 * MINUTE);

afterAll(async () => {
  await installation.close();
}, MINUTE);

const project = () => loaded.request.project;

function resultOf(step: string): StepResult {
  const found = results.find((result) => result.step === step);
  if (found === undefined) throw new Error(`the run has no result of ${step}`);
  return found;
}

const bytesOf = (result: StepResult, name: string): Promise<Uint8Array> =>
  installation.stores.artifacts.get(result.outputs[name] as ArtifactRef, project());

async function jsonOf(result: StepResult, name: string): Promise<unknown> {
  return JSON.parse(Buffer.from(await bytesOf(result, name)).toString('utf8'));
}

describe('the sample run', () => {
  it('is released through every gate, as a demo', () => {
    expect(outcome.shutGates).toEqual([]);
    expect(outcome.adapter.stage).toBe('candidate (demo)');
    expect(outcome.release.values['outcome']).toBe('demo-candidate');
    expect(resultOf('custos.review.v1').values).toMatchObject({
      meaning: 'approved',
      signer: 'demo-reviewer',
      demo: true,
    });
  });

  it('leaves a signed StepRun, computed once, for every stage', () => {
    expect(steps.map(({ run }) => run.outcome)).toEqual(steps.map(() => 'computed'));
    for (const [stage] of STAGES) {
      expect(
        steps.filter(({ result }) => result.step.startsWith(`custos.${stage}.v`)),
      ).toHaveLength(1);
    }
  });

  it('stores every artifact that a result names under its digest', async () => {
    const refs = namedArtifacts(results);
    expect(refs.length).toBeGreaterThan(50);
    expect(new Set(refs.map((ref) => ref.class))).toEqual(
      new Set(['raw', 'vault', 'derived', 'evidence', 'public']),
    );
    expect(await findWrongDigests(installation.stores, project(), refs)).toEqual([]);
  });

  it('leads from the signed request to the release without a gap', async () => {
    const { inputs } = resultOf('custos.release.v4');
    const declared: string[] = ['request', 'policy'].map(
      (name) => (inputs[name] as ArtifactRef).digest,
    );
    expect(declared).toEqual([digestJson(loaded.request), digestJson(loaded.policy)]);
    // The sources are the other beginning: their manifests are those of the files as they lie there.
    const store = openSourceStore(undefined);
    for (const { name } of loaded.request.dataset.sources) {
      const manifest = await store.fingerprint(sourceLocation(name, loaded.locations));
      declared.push(digestJson(manifest));
    }
    const listed = await listedDigests(installation.stores, project(), results);
    expect(findUnfounded(results, declared, listed)).toEqual([]);
    const withoutRedaction = results.filter(({ step }) => step !== 'custos.redact.shard.v9');
    expect(findUnfounded(withoutRedaction, declared, listed)).toContain(
      'custos.apply.shard.v1 redacted',
    );
  });

  it('has the leaf of every stage in the ledger', async () => {
    const { ledger, trustedKeys } = installation.stores;
    const keys = await trustedKeys();
    for (const { run, committed } of steps) {
      const { envelope, salt, receipt } = committed;
      const proof = await ledger.proof(receipt.index);
      verifyLedgerProof(proof, keys);
      const leaf = saltedLeaf(Buffer.from(salt, 'base64'), digestJson(envelope));
      expect(proof.leaf, run.step).toBe(leaf);
    }
  });
});

describe('planted values', () => {
  const values = plantedValues(
    ['support.jsonl', 'hr.jsonl', 'clinical.jsonl', 'banking.csv'],
    ['PERSON', 'EMAIL_ADDRESS'],
  ).filter((_, index) => index % 8 === 0);

  it('lie in the vault', async () => {
    const shards = results.filter(({ step }) => step === 'custos.redact.shard.v9');
    const vault = await Promise.all(shards.map((shard) => bytesOf(shard, 'vault')));
    const found = findValues(Buffer.concat(vault), values);
    expect(values.length).toBeGreaterThan(30);
    expect(found.length).toBeGreaterThan(values.length / 2);
  });

  it('would be found in the payload of an envelope', () => {
    const payload = Buffer.from(JSON.stringify({ text: `of ${values[0] ?? ''}, as said` }));
    const envelope = { payload: payload.toString('base64'), payloadType: 'text', signatures: [] };
    expect(findValues(Buffer.from(JSON.stringify(envelope)), values)).toEqual([values[0]]);
  });

  it('are in no object of the evidence bucket', async () => {
    const { driver } = installation.stores;
    const leaks: string[] = [];
    let objects = 0;
    for await (const key of driver.list('evidence', '')) {
      const object = await driver.get('evidence', key);
      objects += 1;
      const found = findValues(object?.bytes ?? Buffer.alloc(0), values);
      if (found.length > 0) leaks.push(`${key}: ${String(found.length)} values`);
    }
    expect(objects).toBeGreaterThan(50);
    expect(leaks).toEqual([]);
  });

  it('are in no workflow history', async () => {
    for (const suffix of ['', '-review', '-train']) {
      const handle = installation.client.workflow.getHandle(`${outcome.runId}${suffix}`);
      const history = await handle.fetchHistory();
      expect(history.events?.length ?? 0).toBeGreaterThan(5);
      expect(findValues(Buffer.concat([...bytesIn(history)]), values), suffix).toHaveLength(0);
    }
  });
});

describe('the adapter', () => {
  const LEAST_REDUCTION = 0.2;
  const reductionOf = ({ before, after }: HeldOutLosses) => 1 - after / before;

  it('is in the form that peft loads', async () => {
    const train = resultOf('custos.train.v5');
    const adapter = await readAdapter({
      'adapter_config.json': await bytesOf(train, 'adapterConfig'),
      'adapter_model.safetensors': await bytesOf(train, 'adapterWeights'),
    });
    expect(adapter.settings.r).toBe(loaded.policy.train.r);
  });

  it('has a held-out loss at least 20% below the base model', async () => {
    const report = await jsonOf(resultOf('custos.train.v5'), 'report');
    const { evaluations } = check(validateTrainReport, report, 'the training report');
    const before = evaluations.find(({ step }) => step === 0)?.heldOutLoss ?? Number.NaN;
    const after = evaluations.at(-1)?.heldOutLoss ?? Number.NaN;
    console.info(`held-out loss of the run: ${JSON.stringify({ before, after })}`);
    expect(reductionOf({ before, after })).toBeGreaterThanOrEqual(LEAST_REDUCTION);
  });

  it(
    'owes that to the responses: trained on shuffled ones it stays above',
    async () => {
      const control = await trainOnShuffledResponses(
        installation.stores,
        project(),
        resultOf('custos.train.v5'),
        { modelDirectory: loaded.locations['model'] ?? '', policy: loaded.policy },
      );
      console.info(`held-out loss of the control: ${JSON.stringify(control)}`);
      expect(control.after).toBeGreaterThan(0);
      expect(reductionOf(control)).toBeLessThan(LEAST_REDUCTION);
    },
    15 * MINUTE,
  );
});
