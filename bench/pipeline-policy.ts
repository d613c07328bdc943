import { readFileSync } from 'node:fs';
import { parseJson } from '../domain/evidence/index.js';
import { check, validatePolicy, type Policy } from '../schemas/index.js';

/** A resolved policy that the bench wrote for its child processes. */
export function readPolicyFile(path: string): Policy {
  return check(validatePolicy, parseJson(readFileSync(path), path), path);
}
