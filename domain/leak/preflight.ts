import type { CanarySet, Policy } from '../../schemas/index.js';
import { LeakError } from './errors.js';

/** A canary as the trainer sees it. */
export interface CanarySequence {
  readonly recordId: string;
  readonly ids: ArrayLike<number>;
  readonly lossMask: ArrayLike<number>;
  readonly heldOut: boolean;
}

export type PreflightCode =
  | 'COINS_EQUAL'
  | 'TIER_SMALL'
  | 'TOO_FEW_REFERENCES'
  | 'LIMIT_UNREACHABLE'
  | 'CANARY_MISSING'
  | 'CANARY_HELD_OUT'
  | 'SECRET_TRUNCATED'
  | 'LABELS_MASKED';

export interface PreflightRefusal {
  readonly code: PreflightCode;
  readonly message: string;
}

/** Where the secret lies in the tokens, its last occurrence; undefined when it is not whole. */
export function secretRange(
  ids: ArrayLike<number>,
  secretIds: readonly number[],
): { readonly start: number; readonly end: number } | undefined {
  for (let start = ids.length - secretIds.length; start >= 0; start--) {
    if (secretIds.every((id, index) => ids[start + index] === id)) {
      return { start, end: start + secretIds.length };
    }
  }
  return undefined;
}

type Scored = Pick<CanarySet['references'][number], 'secretIds'> & {
  readonly ids: readonly string[];
};

function problemOf(
  { secretIds }: Scored,
  sequence: CanarySequence | undefined,
): PreflightCode | undefined {
  if (sequence === undefined) return 'CANARY_MISSING';
  if (sequence.heldOut) return 'CANARY_HELD_OUT';
  const range = secretRange(sequence.ids, secretIds);
  if (range === undefined) return 'SECRET_TRUNCATED';
  for (let index = range.start; index < range.end; index++) {
    if (sequence.lossMask[index] !== 1) return 'LABELS_MASKED';
  }
  return undefined;
}

const MEANING: Readonly<Record<PreflightCode, string>> = {
  COINS_EQUAL: 'all coins fell alike, so guesses could not be wrong',
  TIER_SMALL: 'fewer canaries of the tier without repetition are in than /audit/minCanariesRead',
  TOO_FEW_REFERENCES: 'fewer than 100 references: exposure could not be ranked',
  LIMIT_UNREACHABLE: '/audit/maxExposureBits is not below what the references can show',
  CANARY_MISSING: 'canaries are not among the token sequences',
  CANARY_HELD_OUT: 'canaries are held out of training',
  SECRET_TRUNCATED: 'secrets are not whole in the token sequences',
  LABELS_MASKED: 'secrets lie where nothing is learned',
};

const MIN_REFERENCES = 100;

function problemsOfSet({ canaries, references }: CanarySet, audit: Policy['audit']) {
  const once = canaries.filter(({ recordIds }) => recordIds.length === 1);
  const checks: readonly (readonly [PreflightCode, boolean])[] = [
    ['COINS_EQUAL', new Set(canaries.map(({ included }) => included)).size < 2],
    ['TIER_SMALL', once.filter(({ included }) => included).length < audit.minCanariesRead],
    ['TOO_FEW_REFERENCES', references.length < MIN_REFERENCES],
    ['LIMIT_UNREACHABLE', audit.maxExposureBits >= Math.log2(references.length)],
  ];
  return checks.flatMap(([code, found]) => (found ? [code] : []));
}

/**
 * Why an audit with these canaries could not fail, and so would show nothing; empty when it could.
 * @param sequences tokens of {@link insertedRecords} and {@link scoredRecords}
 */
export function findPreflightRefusals(
  set: CanarySet,
  sequences: Iterable<CanarySequence>,
  audit: Policy['audit'],
): PreflightRefusal[] {
  const byId = new Map([...sequences].map((sequence) => [sequence.recordId, sequence]));
  const scored: readonly Scored[] = [
    ...set.canaries.map(({ secretIds, recordIds, included }) => ({
      secretIds,
      ids: included ? recordIds : recordIds.slice(0, 1),
    })),
    ...set.references.map(({ secretIds, recordId }) => ({ secretIds, ids: [recordId] })),
  ];
  const counts = new Map<PreflightCode, number>();
  for (const one of scored) {
    for (const id of one.ids) {
      const code = problemOf(one, byId.get(id));
      if (code !== undefined) counts.set(code, (counts.get(code) ?? 0) + 1);
    }
  }
  return [
    ...problemsOfSet(set, audit).map((code) => ({ code, message: MEANING[code] })),
    ...[...counts].map(([code, count]) => ({
      code,
      message: `${MEANING[code]} (${String(count)} sequences)`,
    })),
  ];
}

/** @throws LeakError AUDIT_REFUSED listing why the audit could not fail */
export function assertAuditCanFail(
  set: CanarySet,
  sequences: Iterable<CanarySequence>,
  audit: Policy['audit'],
): void {
  const refusals = findPreflightRefusals(set, sequences, audit);
  if (refusals.length === 0) return;
  const lines = refusals.map(({ code, message }) => `  ${code}: ${message}`);
  throw new LeakError('AUDIT_REFUSED', `this audit could not fail:\n${lines.join('\n')}`);
}
