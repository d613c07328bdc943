export type LeakErrorCode =
  | 'CANARY_INVALID'
  | 'AUDIT_REFUSED'
  | 'AUDIT_INCOMPLETE'
  | 'ATTACK_FAILED'
  | 'FIGURE_INVALID'
  | 'COMMITMENT_MISMATCH';

/** Why an audit cannot be made or believed. Messages name counts and ids, never text. */
export class LeakError extends Error {
  constructor(
    readonly code: LeakErrorCode,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
    this.name = 'LeakError';
  }
}
