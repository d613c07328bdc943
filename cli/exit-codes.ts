/** What the exit status says; documented in the README and by `custos --help`. */
export const EXIT = {
  ok: 0,
  failed: 1,
  invalid: 2,
  refused: 3,
  unverified: 4,
  unavailable: 5,
  /** Ctrl-C while looking on, as a shell reports it. */
  interrupted: 130,
} as const;

type Outcome = Exclude<keyof typeof EXIT, 'ok' | 'interrupted'>;

/** Every code that an error of ours may carry, by the exit status that it means. */
const CODES: Readonly<Record<Outcome, readonly string[]>> = {
  failed: [
    ...['FAILED', 'INTERNAL', 'UNKNOWN', 'CANCELLED', 'STOPPED', 'STEP_INVALID', 'DRAW_CONFLICT'],
    ...[
      'ARTIFACT_NOT_NAMED',
      'THREAD_FAILED',
      'OUT_OF_MEMORY',
      'THREAD_LOST',
      'THREAD_STALLED',
      'AUDIT_INCOMPLETE',
    ],
    ...['CHECKPOINT_INVALID', 'LOSS_NOT_FINITE'],
    ...['SEQUENCE_INVALID', 'QUANTIZATION_INVALID', 'VALUE_MISSING', 'SKETCH_INVALID'],
    ...[
      'SPANS_INVALID',
      'TAGGER_MISSING',
      'NAME_MODEL_UNUSED',
      'KEY_MISSING',
      'BATCH_INVALID',
      'RECORD_UNDECIDED',
      'RECORD_REPEATED',
      'CANARY_INVALID',
    ],
    ...['ATTACK_FAILED', 'FIGURE_INVALID', 'STORE_CONFLICT', 'STORE_INVALID', 'STORE_LEASED'],
    ...['STORE_WRITE_ONCE', 'LOCKED', 'STOP_FAILED', 'CONFIG_CORRUPT'],
  ],
  invalid: [
    ...['USAGE', 'NOT_FOUND', 'SCHEMA_INVALID', 'RUN_FILE_INVALID', 'POLICY_INVALID'],
    ...['POLICY_SYNTAX', 'POLICY_SCHEMA', 'POLICY_UNKNOWN', 'POLICY_PARENT_UNKNOWN'],
    ...['POLICY_CYCLE', 'POLICY_DUPLICATE', 'POLICY_CONTRADICTION', 'POLICY_ENTITY_UNKNOWN'],
    'POLICY_LOCKED',
    ...['SERVERS_INVALID', 'WORKER_OPTIONS_INVALID'],
    ...['SOURCE_FORMAT', 'SOURCE_CORRUPT', 'SOURCE_LIMIT', 'SOURCE_LINK'],
    ...[
      'ENTITY_UNKNOWN',
      'RECOGNIZER_INVALID',
      'SOURCE_MISSING',
      'SOURCE_UNREADABLE',
      'SOURCE_SPEC',
      'SOURCE_HEADER',
    ],
    ...[
      'TOO_MANY_BAD_ROWS',
      'NO_RECORDS',
      'PLAN_EMPTY',
      'LABELS_MASKED',
      'ADAPTER_MISMATCH',
      'MODEL_REFUSED',
      'MODEL_UNREADABLE',
      'CONFIG_INVALID',
    ],
    ...['ARCHITECTURE_UNSUPPORTED', 'SAFETENSORS_INVALID', 'DTYPE_UNSUPPORTED', 'TENSOR_MISSING'],
    ...[
      'WEIGHTS_NOT_FINITE',
      'TENSOR_SHAPE',
      'ADAPTER_INVALID',
      'TOKENIZER_INVALID',
      'TOKENIZER_UNSUPPORTED',
    ],
    ...['TEMPLATE_INVALID', 'IDENTITY_INVALID', 'IDENTITY_EXISTS', 'IDENTITY_UNKNOWN'],
    ...[
      'ARTIFACT_ERASED',
      'ENVIRONMENT_MISMATCH',
      'REVIEW_INVALID',
      'DATA_DIR_INVALID',
      'STORE_MISMATCH',
      'HOLD_INVALID',
    ],
  ],
  refused: [
    'ADAPTER_REVOKED',
    ...['GATE_SHUT', 'REVIEW_REFUSED', 'REVIEW_CLOSED', 'REVIEW_BUSY', 'DECISIONS_REFUSED'],
    ...['ROLE_MISSING', 'SELF_APPROVAL', 'PASSPHRASE_WRONG', 'TOO_MANY_UNCERTAIN', 'AUDIT_REFUSED'],
  ],
  unverified: [
    ...['VAULT_KEY_WRONG', 'VAULT_ALTERED', 'VAULT_MISMATCH'],
    ...['SIGNATURE_INVALID', 'EVIDENCE_INVALID', 'LEDGER_BROKEN', 'ARTIFACT_CORRUPT'],
    ...['MODEL_REVISION_MISMATCH', 'SOURCE_CHANGED', 'COMMITMENT_MISMATCH', 'SHARD_INVALID'],
    ...['RECORD_CHANGED', 'TOKENS_INVALID', 'IDENTITY_CORRUPT', 'STORE_CORRUPT'],
    ...['STORE_NOT_LOCKED', 'ARTIFACT_MISSING', 'BINARY_MISMATCH', 'NAME_MODEL_CORRUPT'],
    'ROOTS_UNREADABLE',
  ],
  unavailable: [
    ...['SOURCE_DENIED', 'SOURCE_UNAVAILABLE'],
    ...[
      'NOT_RUNNING',
      'SERVER_MISSING',
      'RUNTIME_MISSING',
      'BACKEND_UNAVAILABLE',
      'MEMORY_TOO_SMALL',
      'SETUP_FAILED',
      'NOT_BUILT',
    ],
    ...['STORE_UNAVAILABLE', 'STORE_DENIED', 'STORE_FULL', 'LEDGER_UNAVAILABLE', 'KEY_UNAVAILABLE'],
    ...['NOT_READY', 'BINARY_MISSING', 'BINARY_UNUSABLE', 'BUILD_FAILED'],
    ...['DOWNLOAD_FAILED', 'PORT_UNAVAILABLE', 'SUPERVISOR_FAILED'],
    ...['NAME_MODEL_MISSING', 'NAME_MODEL_UNRUNNABLE'],
  ],
};

const BY_CODE: ReadonlyMap<string, number> = new Map(
  Object.entries(CODES).flatMap(([outcome, codes]) =>
    codes.map((code) => [code, EXIT[outcome as Outcome]] as const),
  ),
);

/** Whether a code is one of ours: only then does its message hold nothing of a record. */
export const isKnownCode = (code: string): boolean => BY_CODE.has(code);

export function exitCodeOf(code: string | undefined): number {
  return (code === undefined ? undefined : BY_CODE.get(code)) ?? EXIT.failed;
}
