/** What the exit status says; documented in the README and by `custos --help`. */
export const EXIT = {
  ok: 0,
  failed: 1,
  invalid: 2,
  refused: 3,
  unverified: 4,
  unavailable: 5,
} as const;

const BY_CODE: Readonly<Record<string, number>> = {
  SCHEMA_INVALID: EXIT.invalid,
  RUN_FILE_INVALID: EXIT.invalid,
  POLICY_INVALID: EXIT.invalid,
  USAGE: EXIT.invalid,
  GATE_SHUT: EXIT.refused,
  REVIEW_REFUSED: EXIT.refused,
  REVIEW_CLOSED: EXIT.refused,
  ROLE_MISSING: EXIT.refused,
  SELF_APPROVAL: EXIT.refused,
  SIGNATURE_INVALID: EXIT.unverified,
  EVIDENCE_INVALID: EXIT.unverified,
  LEDGER_BROKEN: EXIT.unverified,
  ARTIFACT_CORRUPT: EXIT.unverified,
  STORE_UNAVAILABLE: EXIT.unavailable,
  LEDGER_UNAVAILABLE: EXIT.unavailable,
  NOT_RUNNING: EXIT.unavailable,
  SERVER_MISSING: EXIT.unavailable,
  RUNTIME_MISSING: EXIT.unavailable,
};

export function exitCodeOf(code: string | undefined): number {
  return (code === undefined ? undefined : BY_CODE[code]) ?? EXIT.failed;
}
