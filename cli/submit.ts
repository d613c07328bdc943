import { randomBytes } from 'node:crypto';
import type { WorkflowHandle } from '@temporalio/client';
import type { RunInput } from '../activities/api.js';
import { signStatement, submissionStatement } from '../domain/evidence/index.js';
import { canonicalBytes } from '../domain/lineage/index.js';
import type { UnlockedIdentity } from '../infra/identity/index.js';
import type { ArtifactRef } from '../schemas/index.js';
import type { LoadedRun } from './load-files.js';
import type { Workspace } from './compose.js';

/** A run's id: project, name, UTC time and four random digits; sorts by time within a name. */
function newRunId(project: string, name: string, now: Date): string {
  const time = now.toISOString().replaceAll(/[-:]/g, '').slice(0, 15);
  return `${project}-${name}-${time}-${randomBytes(2).toString('hex')}`;
}

/** Signs the request as its submitter, stores what the workflow refers to, and starts it. */
export async function submitRun(
  workspace: Workspace,
  loaded: LoadedRun,
  submitter: UnlockedIdentity,
): Promise<{ readonly runId: string; readonly handle: WorkflowHandle }> {
  const { request, policy, locations } = loaded;
  const { project } = request;
  const put = (value: unknown, mediaType: string): Promise<ArtifactRef> =>
    workspace.stores.artifacts.put(canonicalBytes(value), {
      class: 'evidence',
      mediaType,
      project,
    });
  const policyRef = await put(policy, 'application/vnd.custos.policy+json');
  const requestRef = await put(request, 'application/vnd.custos.run-request+json');
  const now = new Date();
  const runId = newRunId(project, request.name, now);
  const statement = submissionStatement({
    runId,
    project,
    requestDigest: requestRef.digest,
    policyDigest: policyRef.digest,
    actor: { ...submitter.actor, roles: [...submitter.actor.roles] },
    signedAt: now.toISOString(),
  });
  const submission = await put(
    await signStatement(submitter.signer, statement),
    'application/vnd.dsse.envelope+json',
  );
  const input: RunInput = {
    runId,
    project,
    request,
    requestRef,
    policy: policyRef,
    submission,
    locations,
  };
  const handle = await workspace.client.workflow.start('fineTune', {
    taskQueue: 'control',
    workflowId: runId,
    args: [input],
    staticSummary: `${project} / ${request.name}`,
    // For lists of runs: the name of the adapter and who asked, nothing of the data.
    memo: { adapter: request.adapter.name, submitter: submitter.actor.subject },
    workflowIdReusePolicy: 'REJECT_DUPLICATE',
  });
  return { runId, handle };
}
