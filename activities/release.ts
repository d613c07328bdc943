import { adapterDigestOf, parseJson } from '../domain/evidence/index.js';
import { LineageError } from '../domain/lineage/index.js';
import { decideGate, type ReleaseFigures } from '../policies/index.js';
import {
  check,
  validateAssessReport,
  validateIngestReport,
  validateLeakReport,
  validateMinimizeReport,
  validateReviewReport,
  validateReviewStatement,
  validateReviewWaiver,
  validateTrainReport,
  type LeakReport,
} from '../schemas/index.js';
import type { Executor, StepContext } from './context.js';
import { renderModelCard, type CardFacts, type Judgement } from './model-card.js';

/**
 * The reviewer's statement inside its envelope, which the gate verified before it became an input;
 * the waiver where the policy waives the review.
 */
async function readJudgement(context: StepContext): Promise<Judgement> {
  const json = (name: string) => context.readJson<unknown>(context.ref(name));
  if (!context.policy.review.required) {
    return { waiver: check(validateReviewWaiver, await json('waiver'), 'the waiver') };
  }
  const { payload } = (await json('approval')) as { readonly payload: string };
  const statement = parseJson(Buffer.from(payload, 'base64'), 'the review statement');
  return {
    approval: check(validateReviewStatement, statement, 'the review statement').predicate,
    review: check(validateReviewReport, await json('reviewReport'), 'the review report'),
  };
}

const isDemo = (judgement: Judgement): boolean =>
  judgement.waiver === undefined && judgement.approval.actor.method === 'demo';

interface Reports extends Omit<CardFacts, 'decision' | 'stage' | 'params'> {
  /** A demo key stands behind the submission or the approval. */
  readonly demo: boolean;
}

async function readReports(context: StepContext): Promise<Reports> {
  const json = (name: string) => context.readJson<unknown>(context.ref(name));
  const judgement = await readJudgement(context);
  return {
    judgement,
    demo: isDemo(judgement) || context.params['demoSubmitter'] !== false,
    ingest: check(validateIngestReport, await json('ingestReport'), 'the ingest report'),
    assess: check(validateAssessReport, await json('assessReport'), 'the assessment report'),
    minimize: check(validateMinimizeReport, await json('minimizeReport'), 'the minimize report'),
    train: check(validateTrainReport, await json('trainReport'), 'the training report'),
    audit: check(validateLeakReport, await json('auditReport'), 'the leak report'),
  };
}

/** @throws LineageError GATE_SHUT when the audit attacked another adapter than the one judged */
function requireSameAdapter(context: StepContext, { audit }: Reports): void {
  const outputs = {
    adapterConfig: context.ref('adapterConfig'),
    adapterWeights: context.ref('adapterWeights'),
  };
  if (audit.adapterDigest === adapterDigestOf({ step: 'custos.train', outputs })) return;
  throw new LineageError(
    'GATE_SHUT',
    'the leak report is about another adapter than the one to be released; audit this one',
  );
}

/** The figures that the gates compare; one that a report lacks stays out, and its gate shut. */
function figuresOf({ judgement, demo, assess, train, audit }: Reports): ReleaseFigures {
  const before = train.evaluations.find(({ step }) => step === 0)?.heldOutLoss;
  const after = train.evaluations.at(-1)?.heldOutLoss;
  return {
    assessment: { refusals: assess.refusals },
    review: reviewFigures(judgement, demo),
    audit: auditFigures(audit),
    heldOut: {
      ...(before === undefined ? {} : { lossBefore: before }),
      ...(after === undefined ? {} : { lossAfter: after }),
    },
  };
}

function reviewFigures(judgement: Judgement, demo: boolean): NonNullable<ReleaseFigures['review']> {
  if (judgement.waiver !== undefined) return { approved: false, demo };
  const { approval, review } = judgement;
  return {
    approved: approval.verdict === 'approved',
    demo,
    signedAt: approval.signedAt,
    plantedShown: review.planted.shown,
    plantedFound: review.planted.found,
  };
}

function auditFigures(audit: LeakReport): NonNullable<ReleaseFigures['audit']> {
  const measured = (name: LeakReport['gates'][number]['name']) =>
    audit.gates.find((gate) => gate.name === name)?.measured ?? undefined;
  const [vaultHits, canaryShortage, meanExposureBits, verbatimExtracted] = [
    measured('vault-hits'),
    measured('canary-shortage'),
    measured('canary-exposure'),
    measured('verbatim-secrets'),
  ];
  return {
    errors: audit.errors.length,
    ...(vaultHits === undefined ? {} : { vaultHits }),
    ...(canaryShortage === undefined ? {} : { canaryShortage }),
    ...(meanExposureBits === undefined ? {} : { meanExposureBits }),
    ...(verbatimExtracted === undefined ? {} : { verbatimExtracted }),
  };
}

/** The few lines that a person reads first. */
function summaryOf({ judgement, ingest, minimize, train, audit }: Reports): Record<string, string> {
  const [first, last] = [train.evaluations[0], train.evaluations.at(-1)];
  const figure = (value: number | null | undefined, digits: number) =>
    value == null ? 'not measured' : value.toFixed(digits);
  const once = audit.canaries?.tiers.find(({ repetitions }) => repetitions === 1);
  return {
    records: `${String(ingest.records)} read, ${String(ingest.badRows)} quarantined, ${String(minimize.kept)} kept`,
    review:
      judgement.waiver === undefined
        ? judgement.review.sample.statement
        : `waived by the policy (${judgement.waiver.policyPointer}): nobody looked`,
    training: `${train.parameterLine}, ${String(train.steps)} steps on ${train.environment.backend}`,
    'held-out loss': `${figure(first?.heldOutLoss, 4)} -> ${figure(last?.heldOutLoss, 4)}`,
    exposure: `${figure(once?.meanExposureBits, 2)} bits mean of ${String(once?.read ?? '?')} canaries (1.44 is chance)`,
    extraction: `${String(audit.secrets?.verbatim ?? '?')} of ${String(audit.secrets?.sequences ?? '?')} canary secrets verbatim`,
    'removed values': `${String(audit.generations?.vaultHits.adapterOnly ?? '?')} in ${String(audit.generations?.generations ?? '?')} generations`,
  };
}

/** Judges the reports by the policy's gates and writes the model card. Nothing is pushed anywhere. */
export const release: Executor = async (context) => {
  const reports = await readReports(context);
  requireSameAdapter(context, reports);
  const decision = decideGate(context.policy, figuresOf(reports));
  // Open gates allow a promotion; only a person's signature makes one.
  const stage = reports.demo ? 'candidate (demo)' : 'candidate';
  const shutGates = decision.gates
    .filter(({ required, verdict }) => required && verdict !== 'open')
    .map(({ name }) => name);
  const card = renderModelCard({ ...reports, decision, stage, params: context.params });
  return {
    outputs: {
      decision: await context.putJson(
        decision,
        'evidence',
        'application/vnd.custos.gate-decision+json',
      ),
      modelCard: await context.put(card, 'evidence', 'text/markdown'),
    },
    counts: { gates: decision.gates.length, shut: shutGates.length },
    values: {
      stage,
      shutGates,
      outcome: decision.outcome,
      validUntil: decision.validUntil,
      baseModelRevision: reports.assess.revision,
      summary: summaryOf(reports),
    },
  };
};
