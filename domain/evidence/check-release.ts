import { approvalValidUntil, isDecisionValid, NOT_WAIVED } from '../../policies/index.js';
import { check, validateGateDecision, type GateDecision } from '../../schemas/index.js';
import type { Bundle } from './bundle-documents.js';
import { adapterDigestOf, adapterFilesOf, BUNDLE } from './bundle-layout.js';
import { approvalsOf, isWaived } from './check-review.js';
import { inputsOf, outputsOf, resultsOf, runsOf, type BundledResult } from './check-steps.js';
import { attempt, unless, type Finding } from './findings.js';
import { parseJson } from './strict-encoding.js';

function single(bundle: Bundle, step: string): BundledResult | undefined {
  const found = resultsOf(bundle, step);
  return found.length === 1 ? found[0] : undefined;
}

/** The adapter in the bundle is what the train step made, what was released, what is registered. */
export function checkAdapter(bundle: Bundle): readonly Finding[] {
  const { manifest, entry, request } = bundle;
  const train = single(bundle, 'train');
  const release = single(bundle, 'release');
  if (train === undefined || release === undefined) {
    return [{ file: BUNDLE.manifest, problem: 'takes exactly one train and one release result' }];
  }
  const registered =
    entry.adapterDigest === manifest.adapter.digest &&
    entry.name === manifest.adapter.name &&
    entry.project === manifest.project &&
    entry.policyDigest === manifest.policyDigest &&
    entry.stage === manifest.stage &&
    entry.baseModelRevision === manifest.baseModelRevision;
  const runIds = runsOf(bundle).flatMap(({ run }) => [run.runId, run.reusedFromRun]);
  return [
    ...attempt(train.file, () => checkAdapterFiles(bundle, train, release)),
    ...unless(runIds.includes(entry.runId), BUNDLE.entry, 'comes from a run with no evidence here'),
    ...unless(registered, BUNDLE.entry, 'is not the entry that the manifest describes'),
    ...unless(
      request.baseModel.revision === entry.baseModelRevision,
      BUNDLE.request,
      'pins another base model than the registry names',
    ),
  ];
}

function checkAdapterFiles(
  { manifest }: Bundle,
  train: BundledResult,
  release: BundledResult,
): readonly Finding[] {
  const made = new Map(
    adapterFilesOf(train.result).map(({ path, ref }) => [BUNDLE.adapter + path, ref.digest]),
  );
  const held = manifest.files.filter(({ path }) => path.startsWith(BUNDLE.adapter));
  const released = inputsOf(release);
  return [
    ...unless(
      adapterDigestOf(train.result) === manifest.adapter.digest,
      train.file,
      'made another adapter than the manifest names',
    ),
    ...held.flatMap(({ path, digest }) =>
      unless(made.get(path) === digest, path, 'is not what the train step made'),
    ),
    ...[...made].flatMap(([path, digest]) => [
      ...unless(
        held.some((file) => file.path === path),
        path,
        'is missing',
      ),
      ...unless(released.includes(digest), release.file, `did not release ${path}`),
    ]),
  ];
}

/** Every report was made by a step, and every gate that the policy requires is open on a figure. */
export function checkGates(bundle: Bundle): readonly Finding[] {
  const { entry, reports } = bundle;
  const made = new Set(bundle.results.flatMap(outputsOf));
  const held = new Set(reports.map(({ digest }) => digest));
  return [
    ...reports.flatMap(({ file, digest }) =>
      unless(made.has(digest), file, 'no step of the bundle made this report'),
    ),
    ...Object.entries(entry.reports).flatMap(([name, digest]) =>
      unless(held.has(digest), BUNDLE.entry, `its report ${name} is not in the bundle`),
    ),
    ...checkAudits(bundle),
    ...checkDecision(bundle),
  ];
}

/** A signed verdict of a leak audit that is in the bundle is about this adapter, and good. */
function checkAudits({ envelopes, reports, manifest }: Bundle): readonly Finding[] {
  return envelopes.flatMap(({ file, statement }) => {
    if (statement.predicateType !== 'urn:custos:predicate:leak-audit:v1') return [];
    const { adapterDigest, reportDigest, verdict } = statement.predicate;
    const about = adapterDigest === manifest.adapter.digest;
    const held = reports.some(({ digest }) => digest === reportDigest);
    return [
      ...unless(about && held, file, 'is about another adapter, or a report that is not here'),
      ...unless(verdict === 'pass', file, `the leak audit ended with ${verdict}`),
    ];
  });
}

/** The release step's decision, if it is in the bundle. */
function decisionOf(bundle: Bundle): { file: string; decision: GateDecision } | undefined {
  const report = bundle.reports.find(({ digest }) => digest === bundle.entry.decisionDigest);
  const release = single(bundle, 'release');
  if (report === undefined || release === undefined) return undefined;
  if (!outputsOf(release).includes(report.digest)) return undefined;
  const { file, bytes } = report;
  return { file, decision: check(validateGateDecision, parseJson(bytes, file), file) };
}

function checkDecision(bundle: Bundle): readonly Finding[] {
  const found = decisionOf(bundle);
  if (found === undefined) {
    return [
      { file: BUNDLE.entry, problem: 'the decision of the release gate is not in the bundle' },
    ];
  }
  const { file, decision } = found;
  const required = decision.gates.filter((gate) => gate.required);
  return [
    ...unless(decision.outcome !== 'refused', file, 'the release gate refused'),
    ...unless(
      (decision.outcome === 'unreviewed-candidate') === isWaived(bundle),
      file,
      'does not say what the policy says about a review',
    ),
    ...required.flatMap(({ name, verdict, figure }) =>
      unless(
        // The one gate that stays shut, and is said to, where nobody had to look.
        (isWaived(bundle) && name === NOT_WAIVED && verdict === 'shut') ||
          (verdict === 'open' && figure !== null),
        file,
        `gate ${name} is not open on a figure`,
      ),
    ),
    ...bundle.policy.release.requires.flatMap((group) =>
      unless(
        required.some((gate) => gate.group === group),
        file,
        `the policy requires ${group}, and no such gate was decided`,
      ),
    ),
    ...checkTime(bundle, file, decision),
  ];
}

/** The decision ends when its approval does, and the adapter was registered before. */
function checkTime(bundle: Bundle, file: string, decision: GateDecision): readonly Finding[] {
  const { entry, policy } = bundle;
  const ends: readonly (string | null | undefined)[] = policy.release.requires.includes('review')
    ? approvalsOf(bundle).map(({ statement }) =>
        approvalValidUntil(statement.predicate.signedAt, policy),
      )
    : [null];
  return [
    ...unless(
      ends.includes(decision.validUntil),
      file,
      'ends at another time than the approval and the policy say',
    ),
    ...unless(
      isDecisionValid(decision, Date.parse(entry.createdAt)),
      BUNDLE.entry,
      'was registered after the approval had run out',
    ),
  ];
}
