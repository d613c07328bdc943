/** How two values of one setting are compared. */
type Direction =
  /** The smaller number is stricter; null and absent stand for no limit. */
  | 'lower'
  /** The larger number is stricter; absent is weakest. */
  | 'higher'
  /** `true` is stricter. */
  | 'on'
  /** `false` is stricter. */
  | 'off'
  /** The list that contains the other one is stricter. */
  | 'more'
  /** The list that is contained in the other one is stricter. */
  | 'fewer'
  /** From weakest to strictest, equals in one list; absent is weaker than all. */
  | readonly (string | readonly string[])[];

// What keeps a part of the value, or tells equal values from others, protects less than a
// placeholder; among themselves they have no order.
const PARTLY = ['numbered', 'pseudonym', 'mask', 'generalize'];
const ACTIONS = [['keep'], PARTLY, ['placeholder'], ['drop-record']] as const;
const DUPLICATES = ['keep', 'drop'] as const;

// Settings that trade one thing for another (batch sizes, templates, learning rates) have no row:
// a difference there is undecided.
const DIRECTIONS: Readonly<Record<string, Direction>> = {
  '/ingest/maxBadRowShare': 'lower',
  '/ingest/quarantineTtlDays': 'lower',
  '/assess/architectures': 'fewer',
  '/assess/maxWeightBytes': 'lower',
  '/redact/profile': ['patterns', 'fast', 'thorough'],
  '/redact/entities/*': ACTIONS,
  '/redact/minScore': 'lower',
  '/redact/reviewBelow': 'higher',
  '/review/required': 'on',
  '/review/sampleSize': 'higher',
  '/review/plantedMisses': 'higher',
  '/review/separateSubmitter': 'on',
  '/review/expireAfterMinutes': 'lower',
  '/review/approvalValidDays': 'lower',
  '/review/maxAuthAgeMinutes': 'lower',
  '/review/allowDemoSignature': 'off',
  '/minimize/exactDuplicates': DUPLICATES,
  '/minimize/nearDuplicates/action': DUPLICATES,
  '/minimize/nearDuplicates/jaccard': 'lower',
  '/minimize/recordBudget': 'lower',
  '/inject/canaries': 'higher',
  '/inject/references': 'higher',
  '/audit/generations': 'higher',
  '/audit/generationTokens': 'higher',
  '/audit/maxVaultHits': 'lower',
  '/audit/maxExposureBits': 'lower',
  '/audit/minCanariesRead': 'higher',
  '/audit/extractionSequences': 'higher',
  '/audit/maxVerbatim': 'lower',
  '/audit/confidence': 'higher',
  '/release/requires': 'more',
  '/release/maxHeldOutLossRatio': 'lower',
};

/** The pointers that have a direction; `*` stands for any one member. */
export const DIRECTED: readonly string[] = Object.keys(DIRECTIONS);

/** Which of two values protects more; `undecided` where that depends on what one wants. */
export type Stricter = 'left' | 'right' | 'undecided';

/**
 * Compares two different values of one setting.
 * @param pointer JSON pointer of the setting, of a leaf
 */
export function stricterOf(pointer: string, left: unknown, right: unknown): Stricter {
  const direction = DIRECTIONS[pointer] ?? DIRECTIONS[pointer.replace(/[^/]+$/, '*')];
  if (direction === undefined) return 'undecided';
  const [a, b] = [rankOf(direction, left), rankOf(direction, right)];
  if (typeof a === 'number' && typeof b === 'number') {
    return a === b ? 'undecided' : a > b ? 'left' : 'right';
  }
  if (!Array.isArray(a) || !Array.isArray(b)) return 'undecided';
  const [leftHolds, rightHolds] = [holds(a, b), holds(b, a)];
  if (leftHolds === rightHolds) return 'undecided';
  return leftHolds === (direction === 'more') ? 'left' : 'right';
}

/** A number that grows with strictness, a list, or undefined for a value of the wrong kind. */
function rankOf(direction: Direction, value: unknown): number | readonly unknown[] | undefined {
  const absent = value === undefined || value === null;
  if (direction === 'more' || direction === 'fewer')
    return Array.isArray(value) ? value : undefined;
  if (direction === 'on' || direction === 'off') {
    return typeof value === 'boolean' ? Number(value === (direction === 'on')) : undefined;
  }
  if (direction === 'lower' || direction === 'higher') {
    if (absent) return -Infinity;
    if (typeof value !== 'number') return undefined;
    return direction === 'lower' ? -value : value;
  }
  if (absent) return -1;
  const name = typeof value === 'object' ? (value as { readonly action?: unknown }).action : value;
  const rank = direction.findIndex((level) =>
    typeof level === 'string' ? level === name : level.some((one) => one === name),
  );
  return rank === -1 ? undefined : rank;
}

function holds(outer: readonly unknown[], inner: readonly unknown[]): boolean {
  return inner.every((item) => outer.includes(item));
}
