import { decideGate, type ReleaseFigures } from '../policies/index.js';
import {
  check,
  validateAssessReport,
  validateLeakReport,
  validateReviewReport,
  validateTrainReport,
  type AssessReport,
  type GateDecision,
  type LeakReport,
  type ReviewReport,
  type TrainReport,
} from '../schemas/index.js';
import type { Executor, StepContext } from './context.js';
import { renderModelCard, type CardFacts } from './model-card.js';

interface Reports {
  readonly assess: AssessReport;
  readonly review: ReviewReport;
  readonly train: TrainReport;
  readonly audit: LeakReport;
}

async function readReports(context: StepContext): Promise<Reports> {
  const json = (name: string) => context.readJson<unknown>(context.ref(name));
  return {
    assess: check(validateAssessReport, await json('assessReport'), 'the assessment report'),
    review: check(validateReviewReport, await json('reviewReport'), 'the review report'),
    train: check(validateTrainReport, await json('trainReport'), 'the training report'),
    audit: check(validateLeakReport, await json('auditReport'), 'the leak report'),
  };
}

/** The figures that the gates compare; one that a report lacks stays out, and its gate shut. */
function figuresOf({ assess, review, train, audit }: Reports, now: Date): ReleaseFigures {
  const before = train.evaluations.find(({ step }) => step === 0)?.heldOutLoss;
  const after = train.evaluations.at(-1)?.heldOutLoss;
  return {
    assessment: { refusals: assess.refusals },
    review: {
      approved: review.approved,
      demo: review.demo,
      // Whole days, so that a retry within the day gives the same report.
      ageDays: Math.floor((now.getTime() - Date.parse(review.signedAt)) / 86_400_000),
      plantedShown: review.plantedShown,
      plantedFound: review.plantedFound,
    },
    audit: auditFigures(audit),
    heldOut: {
      ...(before === undefined ? {} : { lossBefore: before }),
      ...(after === undefined ? {} : { lossAfter: after }),
    },
  };
}

function stageOf(decision: GateDecision, review: ReviewReport): string {
  if (review.demo) return 'candidate (demo)';
  return decision.outcome === 'released' ? 'released' : 'candidate';
}

/** Judges the reports by the policy's gates and writes the model card. Nothing is pushed anywhere. */
export function createRelease(now: () => Date): Executor {
  return async (context) => {
    const reports = await readReports(context);
    const decision = decideGate(figuresOf(reports, now()), context.policy);
    const stage = stageOf(decision, reports.review);
    const shutGates = decision.gates
      .filter(({ required, verdict }) => required && verdict !== 'open')
      .map(({ name }) => name);
    const facts: CardFacts = { ...reports, decision, stage, params: context.params };
    return {
      outputs: {
        decision: await context.putJson(
          decision,
          'evidence',
          'application/vnd.custos.gate-decision+json',
        ),
        modelCard: await context.put(renderModelCard(facts), 'evidence', 'text/markdown'),
      },
      values: {
        stage,
        shutGates,
        outcome: decision.outcome,
        baseModelRevision: reports.assess.revision,
        summary: summaryOf(reports),
      },
    };
  };
}
