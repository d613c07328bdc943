import { randomBytes } from 'node:crypto';
import type { WorkflowHandle } from '@temporalio/client';
import type { RunInput, ScheduledInput } from '../activities/api.js';
import { signStatement, standingRunId, submissionStatement } from '../domain/evidence/index.js';
import { canonicalBytes, digestJson } from '../domain/lineage/index.js';
import { sourceLocation } from '../domain/record/index.js';
import type { UnlockedIdentity } from '../infra/identity/index.js';
import { isS3, openSourceStore, sourceS3Options } from '../infra/sources/index.js';
import type { ArtifactRef, SubmissionStatement } from '../schemas/index.js';
import type { LoadedRun } from './load-files.js';
import type { Workspace } from './compose.js';

/** A run's id: project, name, UTC time and four random digits; sorts by time within a name. */
function newRunId(project: string, name: string, now: Date): string {
  const time = now.toISOString().replaceAll(/[-:]/g, '').slice(0, 15);
  return `${project}-${name}-${time}-${randomBytes(2).toString('hex')}`;
}

/**
 * Every source that this machine can read, by the digest of its manifest. One in an object store
 * takes credentials here (CUSTOS_SOURCE_S3_*); without them only the worker sees it.
 * @throws SourceError SOURCE_MISSING, SOURCE_UNREADABLE, SOURCE_LINK, SOURCE_DENIED
 */
async function bindSources({ request, locations }: LoadedRun): Promise<SubmittedSources> {
  const s3 = sourceS3Options(process.env);
  const store = openSourceStore(s3);
  const bound: { name: string; digest: string }[] = [];
  for (const { name } of request.dataset.sources) {
    const location = sourceLocation(name, locations);
    if (isS3(location.path) && s3 === undefined) continue;
    bound.push({ name, digest: digestJson(await store.fingerprint(location)) });
  }
  return bound;
}

type SubmittedSources = NonNullable<SubmissionStatement['predicate']['sources']>;

interface Signed {
  readonly runId: string;
  /** Not of a standing submission: its data changes from run to run. */
  readonly sources?: SubmittedSources;
  /** Of a standing submission: the schedule whose runs it stands behind. */
  readonly schedule?: string;
}

/** Stores request and policy, and the submitter's signature over their digests. */
async function signSubmission(
  workspace: Workspace,
  { request, policy, locations }: LoadedRun,
  submitter: UnlockedIdentity,
  signed: Signed,
): Promise<Omit<RunInput, 'runId' | 'schedule'>> {
  const { project } = request;
  const put = (value: unknown, mediaType: string): Promise<ArtifactRef> =>
    workspace.stores.artifacts.put(canonicalBytes(value), {
      class: 'evidence',
      mediaType,
      project,
    });
  const policyRef = await put(policy, 'application/vnd.custos.policy+json');
  const requestRef = await put(request, 'application/vnd.custos.run-request+json');
  const statement = submissionStatement({
    ...signed,
    project,
    requestDigest: requestRef.digest,
    policyDigest: policyRef.digest,
    actor: { ...submitter.actor, roles: [...submitter.actor.roles] },
    signedAt: new Date().toISOString(),
  });
  const submission = await put(
    await signStatement(submitter.signer, statement),
    'application/vnd.dsse.envelope+json',
  );
  return { project, request, requestRef, policy: policyRef, submission, locations };
}

/** Signs a run file for every run that a schedule will start. */
export async function signStanding(
  workspace: Workspace,
  loaded: LoadedRun,
  submitter: UnlockedIdentity,
  schedule: string,
): Promise<ScheduledInput> {
  const runId = standingRunId(loaded.request.project, schedule);
  return { ...(await signSubmission(workspace, loaded, submitter, { runId, schedule })), schedule };
}

/** Signs the request as its submitter, stores what the workflow refers to, and starts it. */
export async function submitRun(
  workspace: Workspace,
  loaded: LoadedRun,
  submitter: UnlockedIdentity,
): Promise<{ readonly runId: string; readonly handle: WorkflowHandle }> {
  const { project, name, adapter } = loaded.request;
  const runId = newRunId(project, name, new Date());
  const sources = await bindSources(loaded);
  const submission = await signSubmission(workspace, loaded, submitter, { runId, sources });
  const input: RunInput = { ...submission, runId };
  const handle = await workspace.client.workflow.start('fineTune', {
    taskQueue: 'control',
    workflowId: runId,
    args: [input],
    staticSummary: `${project} / ${name}`,
    // For lists of runs: the name of the adapter and who asked, nothing of the data.
    memo: { adapter: adapter.name, submitter: submitter.actor.subject },
    workflowIdReusePolicy: 'REJECT_DUPLICATE',
  });
  return { runId, handle };
}
