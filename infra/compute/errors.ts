export type ComputeErrorCode =
  | 'BACKEND_UNAVAILABLE'
  | 'ENVIRONMENT_MISMATCH'
  | 'MODEL_UNREADABLE'
  | 'CANCELLED'
  | 'OUT_OF_MEMORY'
  | 'THREAD_FAILED'
  | 'THREAD_LOST'
  | 'THREAD_STALLED'
  | 'SETUP_FAILED'
  | 'NOT_BUILT';

export class ComputeError extends Error {
  constructor(
    readonly code: ComputeErrorCode,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
    this.name = 'ComputeError';
  }
}
