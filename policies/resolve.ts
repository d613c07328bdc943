import { causesOf, validatePolicy, type Policy } from '../schemas/index.js';
import { findContradictions } from './contradictions.js';
import { PolicyError, type PolicyProblem } from './errors.js';
import { mergeJson, parentPointer, pointerToken } from './json.js';
import { findBrokenLocks } from './locks.js';
import { lineOf, type ParsedPolicy } from './parse.js';

/**
 * The complete policy `name`, its parents merged in: objects member by member, recognizers by name,
 * other lists and values replaced. A document's `description` is not inherited, and what it says about itself (`locked`,
 * `demands`) is not part of the policy that steps read.
 * @param documents every document that may be named by `extends`, `name` itself among them
 * @param entityTypes what `redact.entities` may name; without them any name is taken
 * @throws PolicyError POLICY_UNKNOWN, POLICY_DUPLICATE, POLICY_PARENT_UNKNOWN, POLICY_CYCLE,
 *   POLICY_SCHEMA (with the document and line that a wrong value came from), POLICY_ENTITY_UNKNOWN,
 *   POLICY_LOCKED, POLICY_CONTRADICTION
 */
export function resolvePolicy(
  name: string,
  documents: readonly ParsedPolicy[],
  entityTypes?: readonly string[],
): Policy {
  const chain = policyChain(name, documents);
  const merged = chain.reduceRight<unknown>((base, { document }) => {
    const { extends: _parent, locked: _locked, demands: _demands, ...own } = document;
    return mergeJson(withoutDescription(base), own);
  }, {});
  if (!validatePolicy(merged)) {
    const problems = schemaProblems(chain);
    throw new PolicyError('POLICY_SCHEMA', `policy ${name} does not match its schema:`, problems);
  }
  refuseUnknownEntities(chain, merged, entityTypes);
  refuseBrokenLocks(name, chain);
  const contradictions = findContradictions(merged).map(({ pointer, expected }) =>
    problemAt(...writerOf(chain, merged, pointer), expected),
  );
  if (contradictions.length > 0) {
    throw new PolicyError(
      'POLICY_CONTRADICTION',
      `policy ${name} contradicts itself:`,
      contradictions,
    );
  }
  return merged;
}

function refuseBrokenLocks(name: string, chain: readonly ParsedPolicy[]): void {
  const problems = findBrokenLocks(chain).map(({ pointer, by, lockedBy }) =>
    problemAt([by], pointer, `left as it is or made stricter: the pack ${lockedBy} locks it`),
  );
  if (problems.length === 0) return;
  throw new PolicyError('POLICY_LOCKED', `policy ${name} changes what a parent locked:`, problems);
}

function refuseUnknownEntities(
  chain: readonly ParsedPolicy[],
  { name, redact }: Policy,
  entityTypes: readonly string[] | undefined,
): void {
  if (entityTypes === undefined) return;
  const unknown = Object.keys(redact.entities).filter((type) => !entityTypes.includes(type));
  if (unknown.length === 0) return;
  const expected = `no such entity type; there are ${entityTypes.join(', ')}`;
  throw new PolicyError(
    'POLICY_ENTITY_UNKNOWN',
    `policy ${name} names an entity type that no recognizer finds:`,
    unknown.map((type) => problemAt(chain, `/redact/entities/${pointerToken(type)}`, expected)),
  );
}

function byName(documents: readonly ParsedPolicy[]): ReadonlyMap<string, ParsedPolicy> {
  const found = new Map<string, ParsedPolicy>();
  for (const parsed of documents) {
    const { name } = parsed.document;
    if (found.has(name)) {
      throw new PolicyError('POLICY_DUPLICATE', `two policies are named ${name}:`, [
        { document: name, pointer: '/name', expected: 'a name of its own' },
      ]);
    }
    found.set(name, parsed);
  }
  return found;
}

/**
 * A pack and its parents, nearest first.
 * @throws PolicyError POLICY_UNKNOWN, POLICY_DUPLICATE, POLICY_PARENT_UNKNOWN, POLICY_CYCLE
 */
export function policyChain(
  name: string,
  documents: readonly ParsedPolicy[],
): readonly ParsedPolicy[] {
  return ancestry(name, byName(documents));
}

function ancestry(
  name: string,
  documents: ReadonlyMap<string, ParsedPolicy>,
): readonly ParsedPolicy[] {
  const chain: ParsedPolicy[] = [];
  const seen: string[] = [];
  for (let next: string | undefined = name; next !== undefined;) {
    const parsed = documents.get(next);
    if (parsed === undefined) throw unknownPolicy(next, chain.at(-1), [...documents.keys()]);
    if (seen.includes(next)) throw cycle([...seen, next], chain.at(-1));
    seen.push(next);
    chain.push(parsed);
    next = parsed.document.extends;
  }
  return chain;
}

function unknownPolicy(
  name: string,
  child: ParsedPolicy | undefined,
  known: readonly string[],
): PolicyError {
  const expected = `one of ${known.toSorted().join(', ') || 'no known policies'}`;
  if (child === undefined) {
    return new PolicyError('POLICY_UNKNOWN', `there is no policy named ${name}:`, [
      { document: name, pointer: '/name', expected },
    ]);
  }
  return new PolicyError('POLICY_PARENT_UNKNOWN', `there is no policy ${name} to extend:`, [
    problemAt([child], '/extends', expected),
  ]);
}

function cycle(names: readonly string[], last: ParsedPolicy | undefined): PolicyError {
  const problems =
    last === undefined ? [] : [problemAt([last], '/extends', 'a policy that ends the chain')];
  return new PolicyError(
    'POLICY_CYCLE',
    `policies extend in a circle: ${names.join(' -> ')}`,
    problems,
  );
}

function withoutDescription(base: unknown): unknown {
  const { description: _own, ...rest } = base as { readonly description?: unknown };
  return rest;
}

function schemaProblems(chain: readonly ParsedPolicy[]): PolicyProblem[] {
  return causesOf(validatePolicy.errors).map(({ instancePath, keyword, params, message }) => {
    const { additionalProperty, missingProperty, allowedValues } = params as Record<
      string,
      unknown
    >;
    if (keyword === 'additionalProperties') {
      const pointer = `${instancePath}/${pointerToken(String(additionalProperty))}`;
      return problemAt(chain, pointer, 'no such property');
    }
    const pointer = instancePath === '' ? '/' : instancePath;
    if (keyword === 'required') {
      return problemAt(chain, pointer, `missing property "${String(missingProperty)}"`);
    }
    if (keyword === 'enum') {
      return problemAt(chain, pointer, `must be one of ${JSON.stringify(allowedValues)}`);
    }
    return problemAt(chain, pointer, message ?? keyword);
  });
}

const RECOGNIZER = /^\/redact\/recognizers\/(\d+)(.*)$/;

/** A recognizer of the merged list stands in one document, at another place of its list. */
function writerOf(
  chain: readonly ParsedPolicy[],
  merged: Policy,
  pointer: string,
): [chain: readonly ParsedPolicy[], pointer: string] {
  const [, at, rest = ''] = RECOGNIZER.exec(pointer) ?? [];
  const item = at === undefined ? undefined : merged.redact.recognizers?.[Number(at)];
  if (item === undefined) return [chain, pointer];
  for (const parsed of chain) {
    const { recognizers } = (parsed.document.redact ?? {}) as Partial<Policy['redact']>;
    const own = recognizers?.indexOf(item) ?? -1;
    if (own >= 0) return [[parsed], `/redact/recognizers/${String(own)}${rest}`];
  }
  return [chain, pointer];
}

/** Names the nearest document that wrote the pointer: the one that a reader has to change. */
function problemAt(
  chain: readonly ParsedPolicy[],
  pointer: string,
  expected: string,
): PolicyProblem {
  for (let at = pointer; at !== '/'; at = parentPointer(at)) {
    const writer = chain.find(({ lines }) => lines.has(at));
    if (writer !== undefined) {
      const { document, file, lines } = writer;
      return { document: document.name, file, pointer, ...lineOf(lines, at), expected };
    }
  }
  const [first] = chain;
  return {
    document: first?.document.name ?? '',
    ...(first === undefined ? {} : { file: first.file }),
    pointer,
    expected,
  };
}
