export class CliError extends Error {
  constructor(
    readonly code:
      | 'USAGE'
      | 'RUN_FILE_INVALID'
      | 'POLICY_INVALID'
      | 'NOT_RUNNING'
      | 'NOT_FOUND'
      | 'ADAPTER_REVOKED'
      | 'REVIEW_REFUSED'
      | 'REVIEW_CLOSED'
      | 'IDENTITY_UNKNOWN'
      | 'ROLE_MISSING'
      | 'RUNTIME_MISSING',
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
    this.name = 'CliError';
  }
}
