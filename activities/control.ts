import { activityInfo } from '@temporalio/activity';
import {
  isSubmittedAs,
  openEnvelope,
  parseJson,
  STATEMENT_PAYLOAD_TYPE,
  type Envelope,
  type EvidenceKey,
} from '../domain/evidence/index.js';
import {
  canonicalBytes,
  digestJson,
  LineageError,
  readJson,
  submissionDocument,
  type ArtifactStore,
  type StepRuntime,
} from '../domain/lineage/index.js';
import {
  SOURCE_MANIFEST_MEDIA_TYPE,
  sourceLocation,
  type SourceStore,
} from '../domain/record/index.js';
import { withdrawalDocument } from '../domain/schedule/index.js';
import { checkRole } from '../policies/index.js';
import {
  check,
  validatePolicy,
  validateRunRequest,
  validateSubmissionStatement,
  type Actor,
  type ArtifactRef,
  type Policy,
  type SubmissionStatement,
} from '../schemas/index.js';
import type {
  ControlActivities,
  FileFingerprint,
  OpenedRun,
  RunInput,
  SourceFingerprint,
} from './api.js';

export interface ControlDeps {
  readonly runtime: StepRuntime;
  readonly artifacts: ArtifactStore;
  readonly people: () => Promise<readonly EvidenceKey[]>;
  readonly sources: SourceStore;
  readonly fingerprintDirectory: (path: string) => Promise<readonly FileFingerprint[]>;
}

/**
 * The actor of a statement, as the keyring knows the key that signed it: what the statement says
 * of its own author is compared with it, never believed.
 */
export function authenticated(claimed: Actor, keys: readonly EvidenceKey[]): Actor {
  const [key, ...others] = keys;
  if (key === undefined || others.length > 0 || key.owner !== claimed.subject) {
    throw new LineageError(
      'SIGNATURE_INVALID',
      `the statement names ${claimed.subject}, its signature does not`,
    );
  }
  const demo = claimed.method === 'demo';
  if (demo !== key.demo) {
    throw new LineageError(
      'SIGNATURE_INVALID',
      `${claimed.subject}: a demo key signs as demo, and only a demo key`,
    );
  }
  return { ...claimed, roles: [...(key.roles ?? [])] };
}

/** The submission of a deleted schedule starts nothing any more. @throws LineageError GATE_SHUT */
async function requireStanding(
  { documents }: StepRuntime,
  { project, schedule }: SubmissionStatement['predicate'],
  digest: string,
): Promise<void> {
  if (schedule === undefined) return;
  if ((await documents.read(withdrawalDocument(project, schedule, digest))) === undefined) return;
  throw new LineageError(
    'GATE_SHUT',
    `schedule ${schedule} was deleted, and with it its standing submission; create it again`,
  );
}

async function openRun(
  { artifacts, people, runtime }: ControlDeps,
  input: RunInput,
): Promise<OpenedRun> {
  const json = (ref: ArtifactRef) => readJson(artifacts, ref, input.project);
  const policy: Policy = check(validatePolicy, await json(input.policy), 'the policy');
  const request = check(validateRunRequest, await json(input.requestRef), 'the run request');
  if (digestJson(request) !== digestJson(input.request)) {
    throw new LineageError(
      'SIGNATURE_INVALID',
      'the run was started with another request than the signed one',
    );
  }
  if (activityInfo().workflowExecution?.workflowId !== input.runId) {
    throw new LineageError(
      'SIGNATURE_INVALID',
      'a submission starts the run that it names and no other; submit again',
    );
  }
  const envelope = (await json(input.submission)) as Envelope;
  const { payload, keys } = openEnvelope(envelope, await people(), {
    payloadType: STATEMENT_PAYLOAD_TYPE,
    use: 'person',
  });
  const statement = parseJson(payload, 'the submission');
  const { predicate } = check(validateSubmissionStatement, statement, 'the submission');
  const submitter = authenticated(predicate.actor, keys);
  const refusal = checkRole(submitter, 'submit');
  if (refusal !== undefined) throw new LineageError('GATE_SHUT', refusal.reason);
  if (
    !isSubmittedAs(predicate, input) ||
    predicate.schedule !== input.schedule ||
    predicate.requestDigest !== input.requestRef.digest ||
    predicate.policyDigest !== input.policy.digest
  ) {
    throw new LineageError(
      'SIGNATURE_INVALID',
      `the submission was signed for another run, request or policy`,
    );
  }
  await requireStanding(runtime, predicate, input.submission.digest);
  // The server's history of the run expires; the evidence of who asked for it does not.
  await runtime.documents.create(submissionDocument(input.runId), canonicalBytes(input.submission));
  const { sources = [] } = predicate;
  return { submitter, review: policy.review, policyName: policy.name, sources };
}

async function fingerprintSource(
  { artifacts, sources }: ControlDeps,
  project: string,
  name: string,
  locations: Readonly<Record<string, string>>,
): Promise<SourceFingerprint> {
  const manifest = await sources.fingerprint(sourceLocation(name, locations));
  // Names of files can tell of people: the manifest is sealed and goes by reference.
  const ref = await artifacts.put(canonicalBytes(manifest), {
    class: 'derived',
    mediaType: SOURCE_MANIFEST_MEDIA_TYPE,
    project,
  });
  const sizeBytes = manifest.files.reduce((sum, file) => sum + file.sizeBytes, 0);
  return { name, files: manifest.files.length, sizeBytes, manifest: ref };
}

export function createControl(
  deps: ControlDeps,
): Pick<ControlActivities, 'openRun' | 'fingerprintSources' | 'fingerprintModel'> {
  return {
    openRun: (input) => openRun(deps, input),
    fingerprintSources: (request, locations) =>
      Promise.all(
        request.dataset.sources.map(({ name }) =>
          fingerprintSource(deps, request.project, name, locations),
        ),
      ),
    fingerprintModel: async (path) => {
      const files = await deps.fingerprintDirectory(path);
      return { revision: digestJson(files), files };
    },
  };
}
