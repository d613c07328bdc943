export type LineageErrorCode =
  | 'ARTIFACT_MISSING'
  | 'ARTIFACT_CORRUPT'
  | 'ARTIFACT_NOT_NAMED'
  | 'ARTIFACT_ERASED'
  | 'SIGNATURE_INVALID'
  | 'LEDGER_BROKEN'
  | 'LEDGER_UNAVAILABLE'
  | 'STEP_INVALID'
  | 'DRAW_CONFLICT'
  | 'GATE_SHUT'
  | 'EVIDENCE_INVALID'
  | 'KEY_UNAVAILABLE';

export class LineageError extends Error {
  constructor(
    readonly code: LineageErrorCode,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
    this.name = 'LineageError';
  }
}
