export type TrainErrorCode =
  | 'PLAN_EMPTY'
  | 'SEQUENCE_INVALID'
  | 'LABELS_MASKED'
  | 'ADAPTER_MISMATCH'
  | 'CHECKPOINT_INVALID'
  | 'LOSS_NOT_FINITE'
  | 'MEMORY_TOO_SMALL'
  | 'STOPPED';

/** Messages name record ids, steps and tensors; never tokens. */
export class TrainError extends Error {
  constructor(
    readonly code: TrainErrorCode,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
    this.name = 'TrainError';
  }
}
