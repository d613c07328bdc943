import { describeMemory } from '../domain/train/index.js';
import type {
  AssessReport,
  GateDecision,
  IngestReport,
  LeakReport,
  MinimizeReport,
  ReviewReport,
  ReviewStatement,
  ReviewWaiver,
  TrainReport,
} from '../schemas/index.js';

/** What stands behind the data: a person's approval, or the policy's waiver of one. */
export type Judgement =
  | {
      readonly approval: ReviewStatement['predicate'];
      readonly review: ReviewReport;
      readonly waiver?: undefined;
    }
  | { readonly waiver: ReviewWaiver };

/** What the card is rendered from: reports only, never a record. */
export interface CardFacts {
  readonly judgement: Judgement;
  readonly ingest: IngestReport;
  readonly assess: AssessReport;
  readonly minimize: MinimizeReport;
  readonly train: TrainReport;
  readonly audit: LeakReport;
  readonly decision: GateDecision;
  readonly stage: string;
  readonly params: Readonly<Record<string, unknown>>;
}

const count = (value: number): string => value.toLocaleString('en-US');

function losses({ evaluations }: TrainReport): string {
  const [first, last] = [evaluations[0], evaluations.at(-1)];
  if (first === undefined || last === undefined) return 'not measured';
  const change = (100 * (1 - last.heldOutLoss / first.heldOutLoss)).toFixed(1);
  return `${first.heldOutLoss.toFixed(4)} before, ${last.heldOutLoss.toFixed(4)} after (${change}% lower)`;
}

function reviewLine(judgement: Judgement): string {
  if (judgement.waiver !== undefined) {
    const { policyPointer, uncertain } = judgement.waiver;
    return `**Reviewed by nobody**: the policy waives the review (${policyPointer}). ${count(uncertain.spans)} spans in ${count(uncertain.records)} records were uncertain; all are removed. This adapter stays a candidate.`;
  }
  const { approval, review } = judgement;
  const demo = approval.actor.method === 'demo' ? ' (a demo signature)' : '';
  return `Reviewed by ${approval.actor.subject} on ${approval.signedAt}${demo}: ${review.sample.statement}.`;
}

/** The model card of an adapter, Markdown. Equal reports give equal bytes. */
export function renderModelCard(facts: CardFacts): string {
  const { judgement, ingest, assess, minimize, train, decision, stage, params } = facts;
  const gates = decision.gates.map(
    ({ name, verdict, required, reason }) =>
      `| ${name} | ${verdict}${required ? '' : ' (not required)'} | ${reason} |`,
  );
  return `# ${String(params['adapter'])}

Stage: **${stage}**. A LoRA adapter for ${assess.architecture}, revision \`${assess.revision}\`.

${typeof params['purpose'] === 'string' ? params['purpose'] : ''}

## Data

- ${count(ingest.records)} records from ${String(ingest.sources.length)} sources; ${count(ingest.badRows)} of ${count(ingest.rows)} rows were quarantined.
- ${count(minimize.kept)} of ${count(minimize.records)} records were kept after duplicates and limits.
- ${reviewLine(judgement)}

## Training

- ${train.parameterLine}
- ${count(train.examplesRead)} of ${count(train.examples)} examples read (${count(train.canariesRead)} of ${count(train.canaries)} canaries among them), ${count(train.steps)} optimizer steps, backend ${train.environment.backend}.
- Memory as planned: ${describeMemory(train.memory)}.
- Held-out loss per token: ${losses(train)}.

## Gates

| gate | verdict | why |
| --- | --- | --- |
${gates.join('\n')}

The attacks that were run bound only what those attacks find. A lower bound of epsilon is no certificate, and a mean exposure near 1.44 bits is what a canary that was never inserted shows.
`;
}
