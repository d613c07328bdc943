export class AssessError extends Error {
  readonly code = 'MODEL_REFUSED';

  constructor(message: string) {
    super(message);
    this.name = 'AssessError';
  }
}
