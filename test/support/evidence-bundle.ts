import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import {
  adapterDigestOf,
  buildBundle,
  extendChain,
  genesisHash,
  leakAuditStatement,
  promotionStatement,
  RESULT_PAYLOAD_TYPE,
  reviewStatement,
  saltedLeaf,
  signCheckpoint,
  signEnvelope,
  signStatement,
  stepStatement,
  submissionStatement,
  verifyBundle,
  type BundleParts,
  type BundleReader,
  type Envelope,
  type EvidenceKey,
} from '../../domain/evidence/index.js';
import {
  artifactList,
  canonicalBytes,
  digestJson,
  sha256,
  type LedgerProof,
  type Signer,
} from '../../domain/lineage/index.js';
import { approvalValidUntil, parsePolicyText, resolvePolicy } from '../../policies/index.js';
import type {
  Actor,
  ArtifactRef,
  ArtifactTable,
  CommittedEnvelope,
  GateDecision,
  LeakAuditStatement,
  Policy,
  PromotionStatement,
  RegistryEntry,
  ReviewStatement,
  StepResult,
  StepRun,
  SubmissionStatement,
} from '../../schemas/index.js';

import { artifact, assemble } from './evidence-lists.js';
import { REQUEST } from './evidence-request.js';

const RUN = 'bank-support-20261123T120000-1a2b';
const NOW = '2026-11-23T12:00:00.000Z';
const LOG = 'test-log';

export interface Party {
  readonly signer: Signer;
  readonly key: EvidenceKey;
}

/** Keys and salts are made from their names, so that every run of a test sees the same bytes. */
export function makeParty(
  owner: string,
  use: EvidenceKey['use'],
  more: Partial<EvidenceKey> = {},
): Party {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const signer = {
    keyId: `key-of-${owner}`,
    publicKey: publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
    sign: (message: Uint8Array) => Promise.resolve(sign(null, message, privateKey)),
  };
  const { keyId, publicKey: spki } = signer;
  return { signer, key: { keyId, publicKey: spki, owner, use, demo: false, ...more } };
}

export const worker = makeParty('worker', 'worker');
const ledger = makeParty('ledger', 'ledger');
export const submitter = makeParty('sam', 'person', { roles: ['submitter'] });
export const reviewer = makeParty('rea', 'person', { roles: ['reviewer'] });
export const releaser = makeParty('lee', 'person', { roles: ['releaser'] });
export const demoReviewer = makeParty('demo-reviewer', 'person', {
  roles: ['reviewer'],
  demo: true,
});
export const demoSubmitter = makeParty('demo-engineer', 'person', {
  roles: ['submitter'],
  demo: true,
});
export const KEYS = [
  worker,
  ledger,
  submitter,
  reviewer,
  releaser,
  demoReviewer,
  demoSubmitter,
].map(({ key }) => key);

export function actorOf({ key }: Party): Actor {
  return {
    issuer: 'local',
    subject: key.owner,
    roles: [...(key.roles ?? [])],
    authTime: NOW,
    method: key.demo ? 'demo' : 'passphrase',
  };
}

const json = (value: unknown) => canonicalBytes(value);

function policyOf(change: (policy: Policy) => Policy): Uint8Array {
  const parsed = ['default', 'sample'].map((name) =>
    parsePolicyText(
      readFileSync(new URL(`../../policies/${name}.yaml`, import.meta.url), 'utf8'),
      name,
    ),
  );
  return json(change(resolvePolicy('sample', parsed)));
}

const decisionOf = (policy: Policy): GateDecision => ({
  outcome: 'released',
  validUntil: approvalValidUntil(NOW, policy) ?? null,
  gates: (['policy', 'assessment', 'review', 'audit', 'held-out'] as const).map((group) => ({
    name: `gate-${group}`,
    group,
    required: true,
    verdict: 'open',
    figure: 0,
    limit: 1,
    reason: 'well within its limit',
  })),
});

const REPORTS = ['ingest', 'assess', 'redact', 'review', 'train', 'audit'];
const reportBytes = (name: string) => json({ report: name });
const SOURCE = artifact('manifest of the tickets');
const WEIGHTS = Buffer.from('weights of an adapter');
const CONFIG = Buffer.from('{"r":16}');

/** Everything that may be changed before it is signed, so that a test can tell one lie. */
export interface Changes {
  readonly people?: { readonly submitter?: Party; readonly reviewer?: Party };
  readonly policy?: (policy: Policy) => Policy;
  readonly results?: (results: readonly StepResult[]) => readonly StepResult[];
  readonly run?: (run: StepRun) => StepRun;
  readonly decision?: (decision: GateDecision) => GateDecision;
  readonly review?: (predicate: ReviewStatement['predicate']) => ReviewStatement['predicate'];
  readonly audit?: (predicate: LeakAuditStatement['predicate']) => LeakAuditStatement['predicate'];
  readonly submission?: (
    predicate: SubmissionStatement['predicate'],
  ) => SubmissionStatement['predicate'];
  readonly entry?: (entry: RegistryEntry) => RegistryEntry;
  readonly parts?: (parts: BundleParts) => BundleParts;
}

/** The results of a run over two shards: what the pipeline's steps yield, with made-up artifacts. */
function pipeline(
  policy: Uint8Array,
  decision: Uint8Array,
  approval: Envelope,
): readonly StepResult[] {
  const results: StepResult[] = [];
  const step = (
    name: string,
    inputs: ArtifactTable,
    outputs: readonly string[] | ArtifactTable,
    more: Partial<StepResult> = {},
  ): ArtifactTable => {
    const index = results.length;
    const made = Array.isArray(outputs)
      ? Object.fromEntries(
          outputs.map((output: string) => [output, artifact(`${index}/${output}`)]),
        )
      : (outputs as ArtifactTable);
    results.push({
      schema: 'custos.step-result.v1',
      step: `custos.${name}.v1`,
      kind: 'pure',
      memoKey: sha256(`memo ${index}`),
      inputs,
      outputs: made,
      counts: {},
      values: {},
      ...more,
    });
    return made;
  };
  const report = (name: string) => ({ report: artifact(reportBytes(name)) });
  const one = (table: ArtifactTable, name: string) => table[name] as ArtifactRef;

  const dataset = one(step('dataset', {}, ['dataset'], { kind: 'drawn' }), 'dataset');
  const raw = [artifact('raw 0'), artifact('raw 1')];
  const shards = artifact(json(artifactList(raw)));
  step('ingest', { dataset, manifests: [SOURCE] }, { shards, ...report('ingest') });
  const { tokenizer, files: model } = step(
    'assess',
    {},
    { files: [artifact('model')], tokenizer: artifact('tokenizer'), ...report('assess') },
  ) as { tokenizer: ArtifactRef; files: ArtifactRef[] };
  const redacted = raw.map((shard) =>
    step('redact.shard', { dataset, shard }, ['redacted', 'spans', 'vault']),
  );
  const { shardResults: reviewed } = step(
    'redact',
    { dataset, shard: shards },
    { shardResults: artifact('redact'), ...report('redact') },
  ) as { shardResults: ArtifactRef };
  const secret = one(step('draw', { dataset }, ['secret'], { kind: 'drawn' }), 'secret');
  const batch = step('review-batch', { dataset, secret, redacted: reviewed }, ['batch', 'info'], {
    values: { batchRoot: sha256('batch root'), shownDigest: sha256('shown') },
  });
  const review = step(
    'review',
    batch,
    { decisions: artifact('decisions'), approval: artifact(json(approval)), ...report('review') },
    { kind: 'human', values: { meaning: 'approved' } },
  );
  const decisions = one(review, 'decisions');
  const cut = [artifact('slice 0'), artifact('slice 1')];
  const slice = artifact(json(artifactList(cut)));
  step(
    'decision-slices',
    { batch: one(batch, 'batch'), decisions, redacted: reviewed },
    { slices: slice },
  );
  const applied = redacted.map((shard, index) =>
    step(
      'apply.shard',
      {
        dataset,
        slice: cut[index] as ArtifactRef,
        redacted: one(shard, 'redacted'),
        vault: one(shard, 'vault'),
      },
      ['approved'],
    ),
  );
  const { shardResults: approved } = step(
    'apply',
    { dataset, slice, redacted: reviewed, vault: reviewed },
    { shardResults: artifact('apply') },
  ) as { shardResults: ArtifactRef };
  const maps = [artifact('map 0'), artifact('map 1')];
  const map = artifact(json(artifactList(maps)));
  step('minimize-plan', { approved }, { maps: map });
  const kept = applied.map((shard, index) =>
    step('keep.shard', { ...shard, map: maps[index] as ArtifactRef }, ['kept']),
  );
  const { shardResults: keptList } = step(
    'minimize',
    { approved, map },
    { shardResults: artifact('minimize') },
  ) as { shardResults: ArtifactRef };
  const injection = step('inject', { dataset, tokenizer }, ['canaries', 'canaryTokens']);
  for (const shard of kept) step('tokenize.shard', { ...shard, tokenizer }, ['tokens']);
  const { shardResults: tokens } = step(
    'tokenize',
    { kept: keptList, tokenizer },
    { shardResults: artifact('tokenize') },
  ) as { shardResults: ArtifactRef };
  const compute = step('compute', {}, ['environment'], { kind: 'drawn' });
  const training = { dataset, model, tokens, ...compute };
  const adapter = { adapterConfig: artifact(CONFIG), adapterWeights: artifact(WEIGHTS) };
  step(
    'train',
    { ...training, canaryTokens: one(injection, 'canaryTokens') },
    { ...adapter, ...report('train') },
  );
  step('audit', { ...training, ...adapter, ...injection }, report('audit'));
  step(
    'release',
    {
      ...adapter,
      policy: artifact(policy),
      request: artifact(json(REQUEST)),
      approval: one(review, 'approval'),
      ...Object.fromEntries(REPORTS.map((name) => [`${name}Report`, artifact(reportBytes(name))])),
    },
    { decision: artifact(decision), modelCard: artifact('# Model card') },
  );
  return results;
}

/** A chain in memory, with the leaves of somebody else before and between ours. */
async function logAll(
  envelopes: readonly Envelope[],
): Promise<{ committed: readonly CommittedEnvelope[]; proof: LedgerProof }> {
  let root = genesisHash(LOG);
  let before = root;
  const leaves: string[] = [];
  const committed: CommittedEnvelope[] = [];
  const checkpoint = () => signCheckpoint(ledger.signer, { logId: LOG, size: leaves.length, root });
  const append = (leaf: string) => {
    root = extendChain(root, leaf);
    leaves.push(leaf);
  };
  append(sha256('somebody else'));
  before = root;
  for (const [index, envelope] of envelopes.entries()) {
    const salt = createHash('sha256').update(`salt ${index}`).digest();
    append(saltedLeaf(salt, digestJson(envelope)));
    const receipt = { logId: LOG, index: leaves.length - 1, checkpoint: await checkpoint() };
    committed.push({ envelope, salt: salt.toString('base64'), receipt });
    if (index % 3 === 0) append(sha256(`somebody else ${index}`));
  }
  const [, leaf = '', ...after] = leaves;
  return { committed, proof: { index: 1, leaf, before, after, checkpoint: await checkpoint() } };
}

function runOf(result: StepResult): StepRun {
  return {
    schema: 'custos.step-run.v1',
    runId: RUN,
    step: result.step,
    memoKey: result.memoKey,
    resultDigest: digestJson(result),
    outcome: 'computed',
    startedAt: NOW,
    endedAt: NOW,
    worker: 'worker',
    attempt: 1,
    environment: { node: 'v20' },
    codeVersion: 'custos 0.1.0',
  };
}

export type BundleFiles = Map<string, Buffer>;

export function readerOf(files: BundleFiles): BundleReader {
  return {
    listFiles: () => Promise.resolve([...files.keys()]),
    readFile: (path) => {
      const bytes = files.get(path);
      return bytes === undefined ? Promise.reject(new Error('ENOENT')) : Promise.resolve(bytes);
    },
  };
}

/** Signs a promotion of the bundle's adapter. */
function promote(
  { name, version, adapterDigest }: RegistryEntry,
  by: Party,
  step: Pick<PromotionStatement['predicate'], 'from' | 'to'>,
): Promise<Envelope> {
  const statement = promotionStatement({
    name,
    version,
    adapterDigest,
    ...step,
    meaning: 'I release this adapter.',
    actor: actorOf(by),
    signedAt: NOW,
  });
  return signStatement(by.signer, statement);
}

const same = <T>(value: T): T => value;

/** A whole bundle in memory, as an untroubled run would leave it, but for `changes`. */
export async function makeBundle(changes: Changes = {}): Promise<BundleFiles> {
  const parts = await makeParts(changes);
  const files: BundleFiles = new Map();
  await buildBundle(parts, (path, bytes) => {
    files.set(path, Buffer.from(bytes));
    return Promise.resolve();
  });
  return files;
}

async function makeParts(changes: Changes): Promise<BundleParts> {
  const people = { submitter, reviewer, ...changes.people };
  const policy = policyOf(changes.policy ?? same);
  const decided = decisionOf(JSON.parse(Buffer.from(policy).toString('utf8')) as Policy);
  const decision = json((changes.decision ?? same)(decided));
  const request = { project: 'bank', params: {}, policy: artifact(policy) };
  const review = await signStatement(
    people.reviewer.signer,
    reviewStatement(
      (changes.review ?? same)({
        runId: RUN,
        batchRoot: sha256('batch root'),
        policyDigest: sha256(policy),
        decisionsDigest: sha256('decisions'),
        shownDigest: sha256('shown'),
        verdict: 'approved',
        meaning: 'I approve the use of this batch.',
        actor: actorOf(people.reviewer),
        signedAt: NOW,
      }),
    ),
  );
  const { stages, lists } = assemble((changes.results ?? same)(pipeline(policy, decision, review)));
  const submission = await signStatement(
    people.submitter.signer,
    submissionStatement(
      (changes.submission ?? same)({
        runId: RUN,
        project: 'bank',
        requestDigest: sha256(json(REQUEST)),
        policyDigest: sha256(policy),
        sources: [{ name: 'tickets', digest: SOURCE.digest }],
        actor: actorOf(people.submitter),
        signedAt: NOW,
      }),
    ),
  );
  const provenance = await Promise.all(
    stages.map((result) => {
      const run = (changes.run ?? same)(runOf(result));
      return signStatement(worker.signer, stepStatement(result, run, request));
    }),
  );
  const train = stages.find(({ step }) => step.startsWith('custos.train.v'));
  if (train === undefined) throw new Error('the fixture needs a train result');
  const audit = await signStatement(
    worker.signer,
    leakAuditStatement(
      (changes.audit ?? same)({
        runId: RUN,
        adapterDigest: adapterDigestOf(train),
        reportDigest: sha256(reportBytes('audit')),
        policyDigest: sha256(policy),
        verdict: 'pass',
      }),
    ),
  );
  const { committed, proof } = await logAll([...provenance, audit]);
  const demo = people.submitter.key.demo || people.reviewer.key.demo;
  const entry: RegistryEntry = {
    schema: 'custos.registry-entry.v1',
    project: 'bank',
    name: 'support',
    version: 1,
    adapterDigest: adapterDigestOf(train),
    runId: RUN,
    submitter: { issuer: 'local', subject: people.submitter.key.owner },
    stage: demo ? 'candidate (demo)' : 'candidate',
    baseModelRevision: REQUEST.baseModel.revision,
    policyDigest: sha256(policy),
    decisionDigest: sha256(decision),
    reports: Object.fromEntries(REPORTS.map((name) => [name, sha256(reportBytes(name))])),
    approvals: [digestJson(review)],
    createdAt: NOW,
    promotions: [],
  };
  const signedResults = stages.map((result) =>
    signEnvelope(worker.signer, RESULT_PAYLOAD_TYPE, json(result)),
  );
  const parts: BundleParts = {
    runId: RUN,
    submitter: entry.submitter,
    entry: (changes.entry ?? same)(entry),
    submission,
    request: json(REQUEST),
    policy,
    envelopes: committed,
    approvals: [review],
    results: await Promise.all(signedResults),
    lists,
    reports: {
      ...Object.fromEntries(REPORTS.map((name) => [`${name}.json`, reportBytes(name)])),
      'decision.json': decision,
      'model-card.md': Buffer.from('# Model card'),
    },
    adapterFiles: {
      'adapter_config.json': () => Promise.resolve(CONFIG),
      'adapter_model.safetensors': () => Promise.resolve(WEIGHTS),
    },
    proof,
    sources: [{ name: 'source manifest 0', digest: SOURCE.digest }],
    keys: KEYS,
    signer: worker.signer,
  };
  return (changes.parts ?? same)(parts);
}

/** The changes that make a bundle whose adapter `by` has promoted to a release. */
export async function promotedBy(by: Party, people: Changes['people'] = {}): Promise<Changes> {
  const { entry } = await makeParts({ people });
  const promotion = await promote(entry, by, { from: 'candidate', to: 'released' });
  return { people, entry: (own) => ({ ...own, stage: 'released', promotions: [promotion] }) };
}

/** `check: file` of every finding. @throws Error when `ok` says anything else than the checks */
export async function faultsOf(files: BundleFiles, keys = KEYS): Promise<string[]> {
  const { ok, checks } = await verifyBundle(readerOf(files), keys);
  const passed = checks.every(
    ({ status, findings }) => status === 'passed' && findings.length === 0,
  );
  if (ok !== passed) throw new Error('the report contradicts itself');
  return checks.flatMap(({ name, findings }) => findings.map(({ file }) => `${name}: ${file}`));
}
