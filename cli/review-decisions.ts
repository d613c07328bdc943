import { check, validateReviewDecisions, type ReviewDecision } from '../schemas/index.js';
import { CliError } from './errors.js';

/** One decision as the options of a command give it. */
export interface ItemOptions {
  readonly item?: string;
  readonly action?: string;
  readonly message?: string;
  readonly start?: string;
  readonly end?: string;
  readonly type?: string;
  readonly span?: string;
}

const ACTIONS: readonly string[] = ['approve', 'reject', 'add-span', 'wrong-span'];
const NUMBERS = ['message', 'start', 'end', 'span'] as const;
/** Stands in a document that is only checked for its decision. */
const NO_BATCH = `sha256:${'0'.repeat(64)}`;

/**
 * A decision from options.
 * @throws CliError USAGE without item or action, SchemaError for what is missing or not a number
 */
export function decisionFrom(options: ItemOptions): ReviewDecision {
  const { item: itemId, action, type } = options;
  if (itemId === undefined || action === undefined) {
    throw new CliError('USAGE', 'give --file, --approve-all, or --item with --action');
  }
  if (!ACTIONS.includes(action)) {
    throw new CliError('USAGE', `--action is one of ${ACTIONS.join(', ')}`);
  }
  const numbers = NUMBERS.flatMap((name) => {
    const text = options[name];
    return text === undefined ? [] : [[name, /^\d+$/.test(text) ? Number(text) : text] as const];
  });
  const decision = { itemId, action, ...Object.fromEntries(numbers), ...(type && { type }) };
  const document = {
    schema: 'custos.review-decisions.v1',
    batchRoot: NO_BATCH,
    decisions: [decision],
  };
  const [valid] = check(validateReviewDecisions, document, 'the decision').decisions;
  if (valid === undefined) throw new CliError('USAGE', 'the decision is empty');
  return valid;
}

const isFinal = ({ action }: ReviewDecision): boolean =>
  action === 'approve' || action === 'reject';

/**
 * Adds a decision to a draft. Approving or rejecting replaces what was decided on the item; a
 * correction replaces an approval or rejection and joins other corrections.
 */
export function mergeDecisions(
  before: readonly ReviewDecision[],
  decision: ReviewDecision,
): readonly ReviewDecision[] {
  const kept = before.filter(
    (one) => one.itemId !== decision.itemId || (!isFinal(decision) && !isFinal(one)),
  );
  return [...kept, decision];
}

export const decisionsOfItem = (
  decisions: readonly ReviewDecision[],
  id: string,
): readonly ReviewDecision[] => decisions.filter(({ itemId }) => itemId === id);
