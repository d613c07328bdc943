import {
  buildBundle,
  parseJson,
  verifyBundle,
  type BundleParts,
  type BundleReader,
} from '../domain/evidence/index.js';
import { flattenRefs, parseList } from '../domain/lineage/index.js';
import { check, validateStepResult, type VerificationReport } from '../schemas/index.js';
import type { ArtifactRef } from '../schemas/index.js';
import type { Workspace } from './compose.js';
import { CliError } from './errors.js';
import { collectEvidence } from './evidence-parts.js';
import { listEvidenceRuns } from './run-evidence.js';

type Check = VerificationReport['checks'][number];
type Finding = Check['findings'][number];

const checkOf = (name: string, findings: readonly Finding[]): Check => ({
  name,
  status: findings.length === 0 ? 'passed' : 'failed',
  findings: [...findings],
});

const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error ? String(error.code) : undefined;

const UNREADABLE = ['STORE_UNAVAILABLE', 'STORE_TIMEOUT', 'NOT_RUNNING'];

/** A fault of the evidence becomes a finding; a store that does not answer stays an error. */
function findingOf(file: string, error: unknown): Finding {
  const code = codeOf(error);
  if (!(error instanceof Error) || code === undefined || UNREADABLE.includes(code)) throw error;
  return { file, problem: `${error.message} [${code}]` };
}

/** Opens every artifact that the run's results name. What was erased leaves only its digest. */
async function checkArtifacts(
  { stores }: Workspace,
  { results, lists, entry }: BundleParts,
): Promise<readonly Finding[]> {
  const refs = new Map<string, ArtifactRef>();
  for (const list of lists) {
    for (const item of parseList(parseJson(list, 'a list'), 'a list')) {
      const named = 'digest' in item ? [item] : flattenRefs(item.outputs);
      for (const ref of named) refs.set(ref.digest, ref);
    }
  }
  for (const { payload } of results) {
    const json = parseJson(Buffer.from(payload, 'base64'), 'a step result');
    const { inputs, outputs } = check(validateStepResult, json, 'a step result');
    for (const ref of [...flattenRefs(inputs), ...flattenRefs(outputs)]) refs.set(ref.digest, ref);
  }
  const findings: Finding[] = [];
  for (const ref of refs.values()) {
    try {
      await stores.artifacts.get(ref, entry.project);
    } catch (error) {
      if (codeOf(error) !== 'ARTIFACT_ERASED') findings.push(findingOf(ref.digest, error));
    }
  }
  return findings;
}

async function inMemory(parts: BundleParts): Promise<BundleReader> {
  const files = new Map<string, Uint8Array>();
  await buildBundle(parts, (path, bytes) => {
    files.set(path, bytes);
    return Promise.resolve();
  });
  return {
    listFiles: () => Promise.resolve([...files.keys()]),
    readFile: (path) => {
      const bytes = files.get(path);
      if (bytes !== undefined) return Promise.resolve(bytes);
      return Promise.reject(new CliError('NOT_FOUND', `${path} is missing`));
    },
  };
}

/**
 * Checks a run against the store: its signed stages, every artifact, then everything that its
 * evidence bundle is checked for. Fails closed: a run without a release does not verify.
 * @throws CliError NOT_FOUND for a run that left no evidence, NOT_RUNNING
 */
export async function verifyRun(workspace: Workspace, runId: string): Promise<VerificationReport> {
  if (!(await listEvidenceRuns(workspace.stores)).includes(runId)) {
    throw new CliError(
      'NOT_FOUND',
      `there is no evidence of a run "${runId}"; "custos runs" lists them`,
    );
  }
  let parts: BundleParts;
  try {
    parts = await collectEvidence(workspace, runId);
  } catch (error) {
    const checks = [checkOf('stored-evidence', [findingOf(runId, error)])];
    return { schema: 'custos.verification-report.v1', ok: false, checks };
  }
  const bundle = await verifyBundle(await inMemory(parts), parts.keys);
  const stored = [
    checkOf('stored-evidence', []),
    checkOf('stored-artifacts', await checkArtifacts(workspace, parts)),
  ];
  const checks = [...stored, ...bundle.checks];
  const ok = checks.every(({ status }) => status === 'passed');
  return { schema: 'custos.verification-report.v1', ok, checks };
}
