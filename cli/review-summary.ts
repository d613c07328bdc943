import { missStatement } from '../domain/review/index.js';
import { allDecisions, decisionsOn, openItems, type ReviewState } from './review-state.js';

/** The level of the statement in a review's report. */
const CONFIDENCE = 0.95;

type Decisions = Pick<ReviewState, 'items' | 'decided' | 'unseen'>;

const blindly = ({ unseen }: Decisions): string =>
  unseen.size === 0 ? '' : ` (${String(unseen.size)} of them without a look)`;

interface Counts {
  readonly approved: number;
  readonly rejected: number;
  readonly corrected: number;
  readonly missed: number;
  readonly wrong: number;
}

function countDecisions(state: Decisions): Counts {
  const decisions = allDecisions(state);
  const of = (action: string): number => decisions.filter((one) => one.action === action).length;
  const [approved, rejected] = [of('approve'), of('reject')];
  const corrected = state.decided.size - approved - rejected;
  return { approved, rejected, corrected, missed: of('add-span'), wrong: of('wrong-span') };
}

/** `18 approved, 1 rejected, 2 corrected` */
function describeCounts(state: Decisions): string {
  const { approved, rejected, corrected } = countDecisions(state);
  return `${String(approved)} approved${blindly(state)}, ${String(rejected)} rejected, ${String(corrected)} corrected`;
}

/** What the decisions come to, in words, and how many were made without a look. */
export interface Decided {
  readonly words: string;
  readonly unseen: number;
}

export function decidedOf(state: Decisions): Decided {
  return { words: describeCounts(state), unseen: state.unseen.size };
}

/** What the random sample says so far; planted misses cannot be told from others before the end. */
function sampleLine(state: ReviewState, planted: number): string {
  const sample = state.items.filter(({ reason }) => reason === 'sample');
  const missed = sample.filter((item) =>
    decisionsOn(state, item).some(({ action }) => action === 'add-span' || action === 'reject'),
  ).length;
  if (planted === 0) {
    return `records drawn at random: ${missStatement(missed, sample.length, CONFIDENCE)}`;
  }
  return `records drawn at random: misses in ${String(missed)} of ${String(sample.length)}; a few are planted, the figure without them is shown when you have signed`;
}

/** What the decisions come to, for the end of a review. */
export function summaryLines(state: ReviewState, planted: number): readonly string[] {
  const { approved, rejected, corrected, missed, wrong } = countDecisions(state);
  return [
    `  ${String(approved)} approved${blindly(state)}`,
    `  ${String(rejected)} rejected: left out of the dataset`,
    `  ${String(corrected)} corrected: ${String(missed)} missed values are removed, ${String(wrong)} get their text back`,
    ...(openItems(state).length === 0 ? ['', sampleLine(state, planted)] : []),
  ];
}
