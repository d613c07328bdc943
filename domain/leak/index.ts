export { shareInterval, shareLowerBound, shareUpperBound, type Interval } from './binomial.js';
export * from './errors.js';
export { drawWithoutReplacement, secretStream, type SecretStream } from './secret-stream.js';
