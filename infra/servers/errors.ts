export type ServersErrorCode = 'SERVERS_INVALID' | 'WORKER_OPTIONS_INVALID';

/** Error of this room. The message says what, where and what to do; it never quotes a secret. */
export class ServersError extends Error {
  override readonly name = 'ServersError';

  constructor(
    readonly code: ServersErrorCode,
    message: string,
    options?: { readonly cause?: unknown },
  ) {
    super(message, options);
  }
}
