import type { Policy } from '../schemas/index.js';

type Section = Exclude<keyof Policy, 'schema' | 'name' | 'description'>;

/** A section of a policy or one member of a section; a pointer that names neither is a type error. */
export type PolicyPointer = {
  [S in Section]: `/${S}` | `/${S}/${Extract<keyof Policy[S], string>}`;
}[Section];

/** A policy with nothing in it but what was asked for. */
export type PolicyPart = { readonly [S in Section]?: Partial<Policy[S]> };

/**
 * The part of a policy that a step reads, for its memo key and as all that its executor is given.
 * The policy's name is never part of it, nor a section that the step does not name, so that
 * changing those reuses the step's result. Its canonical JSON depends on the set of pointers only,
 * not on their order.
 */
export function policyPart(policy: Policy, pointers: readonly PolicyPointer[]): PolicyPart {
  const part: Record<string, Record<string, unknown>> = {};
  for (const pointer of pointers) {
    const [section, member] = pointer.slice(1).split('/') as [Section, string | undefined];
    const whole = policy[section] as Readonly<Record<string, unknown>>;
    const chosen = member === undefined ? whole : pick(whole, member);
    part[section] = { ...part[section], ...chosen };
  }
  return part;
}

function pick(whole: Readonly<Record<string, unknown>>, member: string): Record<string, unknown> {
  return whole[member] === undefined ? {} : { [member]: whole[member] };
}
