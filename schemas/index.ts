export { causesOf, check, SchemaError, violationsOf, type Violation } from './check.js';
export * from './generated/validators.js';
export type * from './generated/types.js';
