export type TokenizeErrorCode =
  'TOKENIZER_INVALID' | 'TOKENIZER_UNSUPPORTED' | 'TEMPLATE_INVALID' | 'TOKENS_INVALID';

/** What is wrong with a tokenizer, a template or a token shard. Never quotes a record. */
export class TokenizeError extends Error {
  constructor(
    readonly code: TokenizeErrorCode,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
    this.name = 'TokenizeError';
  }
}
