import {
  adapterDigestOf,
  adapterFilesOf,
  parseJson,
  parseStatement,
  type BundleParts,
  type Envelope,
} from '../domain/evidence/index.js';
import { readJson, refsOf, submissionDocument } from '../domain/lineage/index.js';
import type { Stores } from '../infra/runtime/index.js';
import type {
  ArtifactRef,
  CommittedEnvelope,
  RegistryEntry,
  StepResult,
  StepStatement,
  SubmissionStatement,
} from '../schemas/index.js';
import type { Workspace } from './compose.js';
import { CliError } from './errors.js';
import { listEvidence } from './evidence-lists.js';
import { installationKeys } from './keyring.js';
import { readRunSteps, type RunStep } from './run-evidence.js';
import { refOf, stageOf } from './stage-results.js';

/** The reference of the submission that a run was opened with. */
async function submissionOf(stores: Stores, runId: string): Promise<ArtifactRef> {
  const document = await stores.documents.read(submissionDocument(runId));
  if (document !== undefined) return parseJson(document.bytes, 'the submission') as ArtifactRef;
  throw new CliError(
    'NOT_FOUND',
    `there is no submission of a run "${runId}"; "custos runs" lists them`,
  );
}

/** The stages of this run and, of each that it reused, the run that computed it. */
async function withOrigins(
  stores: Stores,
  runId: string,
  steps: readonly RunStep[],
): Promise<readonly RunStep[]> {
  const byRun = new Map<string, readonly RunStep[]>();
  const all = [...steps];
  for (const { run } of steps) {
    const origin = run.reusedFromRun;
    if (origin === undefined || origin === runId) continue;
    const found = byRun.get(origin) ?? (await readRunSteps(stores, origin));
    byRun.set(origin, found);
    all.push(...found.filter((step) => step.run.memoKey === run.memoKey));
  }
  return all;
}

/** File name -> report: those that the gates read, their decision, the model card, how training went. */
function reportRefs(
  release: StepResult,
  train: StepResult,
): readonly (readonly [string, ArtifactRef])[] {
  const read = Object.keys(release.inputs)
    .filter((name) => name.endsWith('Report'))
    .map((name) => [`${name.slice(0, -'Report'.length)}.json`, refOf(release, name)] as const);
  return [
    ...read,
    ['decision.json', refOf(release, 'decision')],
    ['model-card.md', refOf(release, 'modelCard')],
    ...refsOf(train.outputs['metrics']).map((ref) => ['metrics.csv', ref] as const),
    ...refsOf(train.outputs['chart']).map((ref) => ['training.svg', ref] as const),
  ];
}

async function entryOf(
  stores: Stores,
  project: string,
  release: StepResult,
  train: StepResult,
): Promise<RegistryEntry> {
  const digest = adapterDigestOf(train);
  const decision = refOf(release, 'decision').digest;
  const entries = await stores.registry.list(project);
  const same = entries.filter(({ adapterDigest }) => adapterDigest === digest);
  const entry = same.find(({ decisionDigest }) => decisionDigest === decision) ?? same.at(-1);
  if (entry !== undefined) return entry;
  throw new CliError('NOT_FOUND', `the registry has no adapter ${digest} in project ${project}`);
}

/** The project that a step ran in, as its signed statement says. */
function projectOf(result: StepResult, steps: readonly RunStep[]): string {
  const step = steps.find((one) => one.result === result);
  const payload = Buffer.from(step?.committed.envelope.payload ?? '', 'base64');
  const { predicate } = parseStatement(payload, result.step) as StepStatement;
  return predicate.buildDefinition.externalParameters.project;
}

const uniqueEnvelopes = (steps: readonly RunStep[]): readonly CommittedEnvelope[] => [
  ...new Map(steps.map(({ committed }) => [committed.receipt.index, committed])).values(),
];

/**
 * Everything that an evidence bundle of a run holds, its signatures checked on the way.
 * @throws CliError NOT_FOUND naming what is missing, LineageError
 */
export async function collectEvidence(workspace: Workspace, runId: string): Promise<BundleParts> {
  const { stores } = workspace;
  const steps = await readRunSteps(stores, runId);
  const [release, train] = [stageOf(steps, 'release'), stageOf(steps, 'train')];
  const project = projectOf(release, steps);
  const bytes = (ref: ArtifactRef) => stores.artifacts.get(ref, project);
  const json = (ref: ArtifactRef) => readJson(stores.artifacts, ref, project);
  const submissionRef = await submissionOf(stores, runId);
  const submission = (await json(submissionRef)) as Envelope;
  const statement = parseStatement(Buffer.from(submission.payload, 'base64'), 'the submission');
  const { issuer, subject } = (statement as SubmissionStatement).predicate.actor;
  const all = await withOrigins(stores, runId, steps);
  const envelopes = uniqueEnvelopes(all);
  const policy = await bytes(refOf(release, 'policy'));
  const reports = await Promise.all(
    reportRefs(release, train).map(async ([name, ref]) => [name, await bytes(ref)] as const),
  );
  return {
    runId,
    submitter: { issuer, subject },
    entry: await entryOf(stores, project, release, train),
    submission,
    request: await bytes(refOf(release, 'request')),
    policy,
    envelopes,
    approvals: (await Promise.all(
      refsOf(release.inputs['approval']).map(json),
    )) as readonly Envelope[],
    results: steps.map(({ signedResult }) => signedResult),
    lists: await listEvidence(stores, project, steps),
    reports: Object.fromEntries(reports),
    adapterFiles: Object.fromEntries(
      adapterFilesOf(train).map(({ path, ref }) => [path, () => bytes(ref)]),
    ),
    proof: await stores.ledger.proof(Math.min(...envelopes.map(({ receipt }) => receipt.index))),
    sources: [
      { name: 'submission', digest: submissionRef.digest },
      ...refsOf(stageOf(steps, 'ingest').inputs['manifests']).map(({ digest }, index) => ({
        name: `source manifest ${String(index)}`,
        digest,
      })),
    ],
    keys: await installationKeys(stores),
    signer: stores.worker,
  };
}
