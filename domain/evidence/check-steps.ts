import type { StepResult, StepStatement } from '../../schemas/index.js';
import { digestJson, type Digest } from '../lineage/digest.js';
import type { Bundle, BundledEnvelope, BundledResult } from './bundle-documents.js';
import { BUNDLE, isShard, isStep } from './bundle-layout.js';
import { unless, type Finding } from './findings.js';
import { stepStatement } from './statements.js';

export interface BundledRun {
  readonly file: string;
  readonly statement: StepStatement;
  readonly run: StepStatement['predicate']['runDetails']['byproducts'][number]['annotations']['run'];
}

const isProvenance = (bundled: BundledEnvelope): bundled is BundledEnvelope<StepStatement> =>
  bundled.statement.predicateType === 'https://slsa.dev/provenance/v1';

/** The step runs that the envelopes attest. */
export function runsOf(bundle: Bundle): readonly BundledRun[] {
  return bundle.envelopes.filter(isProvenance).flatMap(({ file, statement }) =>
    statement.predicate.runDetails.byproducts.map(({ annotations }) => ({
      file,
      statement,
      run: annotations.run,
    })),
  );
}

const digestsIn = (table: StepResult['inputs']): readonly Digest[] =>
  Object.values(table)
    .flat()
    .map(({ digest }) => digest);

export const inputsOf = ({ result }: BundledResult): readonly Digest[] => digestsIn(result.inputs);
export const outputsOf = ({ result }: BundledResult): readonly Digest[] =>
  digestsIn(result.outputs);

/** The digests under one name of a table. */
export function named(table: StepResult['inputs'], name: string): readonly Digest[] {
  return [table[name] ?? []].flat().map(({ digest }) => digest);
}

/** The results of a step. */
export function resultsOf(bundle: Bundle, step: string): readonly BundledResult[] {
  return bundle.results.filter(({ result }) => isStep(result, step));
}

/**
 * Every provenance statement says exactly what its step's result says; every stage's result was
 * computed in a signed run, and every shard's result was read by another step.
 */
export function checkSteps(bundle: Bundle): readonly Finding[] {
  const runs = runsOf(bundle);
  const byDigest = new Map(bundle.results.map((one) => [one.digest, one]));
  const computed = new Set(
    runs.filter(({ run }) => run.outcome === 'computed').map(({ run }) => run.resultDigest),
  );
  const read = new Set(bundle.results.flatMap(inputsOf));
  const covered = (one: BundledResult): boolean =>
    isShard(one.result)
      ? outputsOf(one).some((digest) => read.has(digest))
      : computed.has(one.digest);
  return [
    ...runs.flatMap((attested) => checkRun(attested, byDigest.get(attested.run.resultDigest))),
    ...bundle.results.flatMap((one) =>
      unless(covered(one), one.file, 'no signed run of a step stands behind this result'),
    ),
    ...['train', 'audit', 'release'].flatMap((step) =>
      unless(
        runs.some(({ run }) => run.runId === bundle.manifest.runId && isOf(run.step, step)),
        BUNDLE.manifest,
        `no signed ${step} of run ${bundle.manifest.runId} is in the bundle`,
      ),
    ),
  ];
}

const isOf = (stepName: string, base: string) => isStep({ step: stepName } as StepResult, base);

function checkRun(attested: BundledRun, found: BundledResult | undefined): readonly Finding[] {
  const { file, statement, run } = attested;
  if (found === undefined) return [{ file, problem: 'its step result is not in the bundle' }];
  const { project, params, policyDigest } = statement.predicate.buildDefinition.externalParameters;
  const expected = stepStatement(found.result, run, {
    project,
    params,
    policy: { digest: policyDigest },
  });
  const same = digestJson(expected) === digestJson(statement) && run.step === found.result.step;
  return unless(
    same && run.memoKey === found.result.memoKey,
    file,
    `does not say what ${found.file} says`,
  );
}

/** Every input was made by a step before, or is declared as a source. Nothing comes from nowhere. */
export function checkChain(bundle: Bundle): readonly Finding[] {
  const known = new Set(bundle.manifest.sources.map(({ digest }) => digest));
  let waiting: readonly BundledResult[] = bundle.results;
  for (;;) {
    const ready = waiting.filter((one) => inputsOf(one).every((digest) => known.has(digest)));
    if (ready.length === 0) break;
    for (const digest of ready.flatMap(outputsOf)) known.add(digest);
    const done = new Set(ready);
    waiting = waiting.filter((one) => !done.has(one));
  }
  return waiting.map((one) => {
    const missing = inputsOf(one).find((digest) => !known.has(digest)) ?? '';
    return { file: one.file, problem: `no earlier step of the bundle made its input ${missing}` };
  });
}

/** Every artifact but `stops` that comes from `seeds` without passing through a result that `blocks`. */
export function reachedFrom(
  bundle: Bundle,
  seeds: readonly Digest[],
  blocks: (one: BundledResult) => boolean,
  stops: ReadonlySet<Digest>,
): ReadonlySet<Digest> {
  const reached = new Set(seeds);
  for (let size = -1; size !== reached.size;) {
    size = reached.size;
    for (const one of bundle.results) {
      if (blocks(one) || !inputsOf(one).some((digest) => reached.has(digest))) continue;
      for (const digest of outputsOf(one)) if (!stops.has(digest)) reached.add(digest);
    }
  }
  return reached;
}
