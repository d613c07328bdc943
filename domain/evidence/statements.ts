import {
  type ArtifactTable,
  type BundleStatement,
  type FiringStatement,
  type HoldStatement,
  type LeakAuditStatement,
  type PromotionStatement,
  type RegistrationStatement,
  type ResourceDescriptor,
  type ReviewStatement,
  type StepRequest,
  type StepResult,
  type StepRun,
  type StepStatement,
  type SubmissionStatement,
  type SweepStatement,
} from '../../schemas/index.js';
import { canonicalBytes, digestJson, hexOf, type Digest } from '../lineage/digest.js';
import type { Signer } from '../lineage/ports.js';
import { checkStatement, type AnyStatement } from './statement-types.js';
import { signEnvelope, STATEMENT_PAYLOAD_TYPE, type Envelope } from './dsse.js';

const TYPE = 'https://in-toto.io/Statement/v1';

const resource = (name: string, digest: Digest): ResourceDescriptor => ({
  name,
  digest: { sha256: hexOf(digest) },
});

/**
 * A table's artifacts as resources, by name, so that the order in which a step listed them does not
 * show; those of a list are called `name/0`, `name/1`, ...
 */
function resourcesOf(table: ArtifactTable): ResourceDescriptor[] {
  const byName = Object.entries(table).sort(([a], [b]) => (a < b ? -1 : 1));
  return byName.flatMap(([name, value]) =>
    Array.isArray(value)
      ? value.map((ref, index) => resource(`${name}/${index}`, ref.digest))
      : [resource(name, value.digest)],
  );
}

/**
 * The SLSA provenance (https://slsa.dev/spec/v1.0/provenance) of one execution or reuse of a step.
 * A step without outputs has its result as its subject, since a statement needs one.
 */
export function stepStatement(
  result: StepResult,
  run: StepRun,
  request: Pick<StepRequest, 'project' | 'params'> & {
    readonly policy: Pick<StepRequest['policy'], 'digest'>;
  },
): StepStatement {
  const resultResource = { name: 'step-result', digest: { sha256: hexOf(digestJson(result)) } };
  const outputs = resourcesOf(result.outputs);
  const { project, params, policy } = request;
  return {
    _type: TYPE,
    subject: outputs.length > 0 ? outputs : [resultResource],
    predicateType: 'https://slsa.dev/provenance/v1',
    predicate: {
      buildDefinition: {
        buildType: 'urn:custos:build-type:step:v1',
        externalParameters: {
          step: result.step,
          kind: result.kind,
          project,
          params,
          policyDigest: policy.digest,
        },
        internalParameters: { memoKey: result.memoKey },
        resolvedDependencies: resourcesOf(result.inputs),
      },
      runDetails: {
        builder: {
          id: `urn:custos:worker:${run.worker}`,
          version: { custos: run.codeVersion },
        },
        metadata: {
          invocationId: `${run.runId}/${hexOf(run.memoKey)}/${run.attempt}`,
          startedOn: run.startedAt,
          finishedOn: run.endedAt,
        },
        byproducts: [{ ...resultResource, name: 'step-result', annotations: { run } }],
      },
    },
  };
}

/** What a reviewer signs: the batch, the decisions and the bytes shown, under one policy. */
export function reviewStatement(predicate: ReviewStatement['predicate']): ReviewStatement {
  return {
    _type: TYPE,
    subject: [
      resource('batch', predicate.batchRoot),
      resource('shown', predicate.shownDigest),
      resource('decisions', predicate.decisionsDigest),
    ],
    predicateType: 'urn:custos:predicate:review:v1',
    predicate,
  };
}

/** What a submitter signs: a run file under a policy. */
export function submissionStatement(
  predicate: SubmissionStatement['predicate'],
): SubmissionStatement {
  return {
    _type: TYPE,
    subject: [
      resource('request', predicate.requestDigest),
      resource('policy', predicate.policyDigest),
    ],
    predicateType: 'urn:custos:predicate:submission:v1',
    predicate,
  };
}

/** The verdict of a leak audit on an adapter. */
export function leakAuditStatement(predicate: LeakAuditStatement['predicate']): LeakAuditStatement {
  return {
    _type: TYPE,
    subject: [resource('adapter', predicate.adapterDigest)],
    predicateType: 'urn:custos:predicate:leak-audit:v1',
    predicate,
  };
}

/** A person's change of an adapter's stage. */
export function promotionStatement(predicate: PromotionStatement['predicate']): PromotionStatement {
  return {
    _type: TYPE,
    subject: [resource('adapter', predicate.adapterDigest)],
    predicateType: 'urn:custos:predicate:promotion:v1',
    predicate,
  };
}

/** A new adapter's entry into the registry. */
export function registrationStatement(
  predicate: RegistrationStatement['predicate'],
): RegistrationStatement {
  return {
    _type: TYPE,
    subject: [resource('adapter', predicate.adapterDigest)],
    predicateType: 'urn:custos:predicate:registration:v1',
    predicate,
  };
}

/** What came of a firing of a schedule. */
export function firingStatement(predicate: FiringStatement['predicate']): FiringStatement {
  return {
    _type: TYPE,
    subject: [resource('submission', predicate.submissionDigest)],
    predicateType: 'urn:custos:predicate:firing:v1',
    predicate,
  };
}

/** What a collection of garbage removes, or has removed. */
export function sweepStatement(predicate: SweepStatement['predicate']): SweepStatement {
  return {
    _type: TYPE,
    subject: [resource('list', predicate.list.digest)],
    predicateType: 'urn:custos:predicate:sweep:v1',
    predicate,
  };
}

/** A person's hold on an artifact, a run or an adapter, or its release. */
export function holdStatement(predicate: HoldStatement['predicate']): HoldStatement {
  const { target } = predicate;
  return {
    _type: TYPE,
    subject: [
      target.kind === 'artifact'
        ? resource('artifact', target.digest)
        : resource(target.kind, digestJson(target)),
    ],
    predicateType: 'urn:custos:predicate:hold:v1',
    predicate,
  };
}

/**
 * Whether a submission is of this run: it names the run, or it stands behind every run of a
 * schedule, whose ids begin with the one that it names.
 */
export function isSubmittedAs(
  { runId, project, schedule }: SubmissionStatement['predicate'],
  run: { readonly runId: string; readonly project: string },
): boolean {
  if (project !== run.project) return false;
  if (schedule === undefined) return runId === run.runId;
  return runId === standingRunId(project, schedule) && run.runId.startsWith(`${runId}-`);
}

/** What the id of every run of a schedule begins with. */
export function standingRunId(project: string, schedule: string): string {
  return `${project}-${schedule}`;
}

/** The signature over an evidence bundle. */
export function bundleStatement(
  manifestDigest: Digest,
  predicate: BundleStatement['predicate'],
): BundleStatement {
  return {
    _type: TYPE,
    subject: [resource('manifest.json', manifestDigest)],
    predicateType: 'urn:custos:predicate:evidence-bundle:v1',
    predicate,
  };
}

/** Signs a statement as a DSSE envelope over its canonical JSON. @throws SchemaError */
export function signStatement(signer: Signer, statement: AnyStatement): Promise<Envelope> {
  const valid = checkStatement(statement, statement.predicateType);
  return signEnvelope(signer, STATEMENT_PAYLOAD_TYPE, canonicalBytes(valid));
}
