import type { Policy } from '../schemas/index.js';
import { isWhole, pointerToken, type JsonObject } from './json.js';
import { policyPart } from './policy-part.js';
import { STEPS, type StepSpec } from './steps.js';
import { stricterOf, type Stricter } from './strictness.js';

/** One setting in which two policies differ. */
export interface PolicyDifference {
  /** JSON pointer of a leaf; lists are leaves. */
  readonly pointer: string;
  /** Absent where the left policy does not have it. */
  readonly left?: unknown;
  readonly right?: unknown;
  readonly stricter: Stricter;
}

// What a policy is called changes nothing that it does.
const NAMES = new Set(['/name', '/description']);

/** Every setting in which two policies, complete or as written, differ, by pointer. */
export function diffPolicies(left: object, right: object): readonly PolicyDifference[] {
  const [a, b] = [leavesOf(left), leavesOf(right)];
  const pointers = [...new Set([...a.keys(), ...b.keys()])].filter((at) => !NAMES.has(at));
  return pointers
    .filter((at) => JSON.stringify(a.get(at)) !== JSON.stringify(b.get(at)))
    .toSorted()
    .map((pointer) => ({
      pointer,
      ...(a.has(pointer) ? { left: a.get(pointer) } : {}),
      ...(b.has(pointer) ? { right: b.get(pointer) } : {}),
      stricter: stricterOf(pointer, a.get(pointer), b.get(pointer)),
    }));
}

/**
 * Names of the steps that read something in which the two policies differ: they run again when a
 * run changes from one to the other. Later steps follow where the results of these differ, and the
 * release always, because the whole policy is one of its inputs.
 */
export function stepsToRunAgain(left: Policy, right: Policy): readonly string[] {
  const specs: readonly StepSpec[] = Object.values(STEPS);
  const own = specs.filter(({ policy }) => {
    return diffPolicies(policyPart(left, policy), policyPart(right, policy)).length > 0;
  });
  const release: StepSpec = STEPS.release;
  const all = diffPolicies(left, right).length > 0 ? new Set([...own, release]) : new Set(own);
  return [...all].map(({ name }) => name);
}

/** JSON pointer -> value, for everything that is not an object with members of its own. */
export function leavesOf(value: object): ReadonlyMap<string, unknown> {
  const leaves = new Map<string, unknown>();
  const walk = (node: unknown, pointer: string): void => {
    const isObject = typeof node === 'object' && node !== null && !Array.isArray(node);
    if (isObject && !isWhole(pointer)) {
      for (const [key, child] of Object.entries(node as JsonObject)) {
        walk(child, `${pointer}/${pointerToken(key)}`);
      }
    } else leaves.set(pointer, node);
  };
  walk(value, '');
  return leaves;
}
