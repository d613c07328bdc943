import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ENTITY_TYPES } from '../domain/redact/index.js';
import { ACTION_DEFAULTS, findActionFaults, type EntityAction } from './entity-actions.js';
import { PolicyError } from './errors.js';
import { parsePolicyText } from './parse.js';
import { resolvePolicy } from './resolve.js';

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');
const base = [parsePolicyText(read('default.yaml'), 'default.yaml')];
const entities = (text: string) =>
  resolvePolicy(
    'child',
    [
      ...base,
      parsePolicyText(
        `schema: custos.policy.v1\nname: child\nextends: default\nredact:\n  entities:\n    ${text}`,
        'child.yaml',
      ),
    ],
    ENTITY_TYPES,
  ).redact.entities;

interface Form {
  readonly properties?: Readonly<Record<string, { readonly default?: unknown }>>;
}

describe('actions of a policy', () => {
  it.each<readonly [string, EntityAction]>([
    ['PERSON: pseudonym', 'pseudonym'],
    ['PERSON: {action: numbered, scope: dataset}', { action: 'numbered', scope: 'dataset' }],
    ['PERSON: {action: mask, keep: 2}', { action: 'mask', keep: 2 }],
  ])('takes %s', (text, action) => {
    expect(entities(text)['PERSON']).toEqual(action);
  });

  it.each([
    ['PERSON: generalize', '/redact/entities/PERSON', 'only dates, ages'],
    ['MONEY: pseudonym', '/redact/entities/MONEY', 'another statement would be false'],
    ['SECRET: mask', '/redact/entities/SECRET', 'keeps nothing of a secret'],
    ['PERSON: {action: mask, scope: record}', '/redact/entities/PERSON/scope', 'it has keep, side'],
    [
      'PERSON: {action: pseudonym, checksum: pass}',
      '/redact/entities/PERSON/checksum',
      'card, iban',
    ],
    [
      'PERSON: {action: pseudonym, maxShiftDays: 0}',
      '/redact/entities/PERSON/maxShiftDays',
      '>= 1',
    ],
    ['PERSON: {action: mask, kep: 2}', '/redact/entities/PERSON/kep', 'no such property'],
    ['PERSON: {keep: 2}', '/redact/entities/PERSON', 'missing property "action"'],
    ['PERSON: {action: placeholder}', '/redact/entities/PERSON/action', 'must be one of'],
    ['PERSON: erase', '/redact/entities/PERSON', 'must be one of ["placeholder","numbered"'],
    ['PERSON: 5', '/redact/entities/PERSON', 'must be one of'],
    ['PERSN: pseudonym', '/redact/entities/PERSN', 'no such entity type'],
  ])('refuses %s at its line', (text, pointer, expected) => {
    let error: unknown;
    try {
      entities(text);
    } catch (caught) {
      error = caught;
    }
    expect(error).toBeInstanceOf(PolicyError);
    const { problems } = error as PolicyError;
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({ file: 'child.yaml', line: 6, pointer });
    expect(problems[0]?.expected).toContain(expected);
  });

  it('refuses two actions for one type', () => {
    expect(() => entities('PERSON: keep\n    PERSON: mask')).toThrow(
      expect.objectContaining({ code: 'POLICY_SYNTAX' }),
    );
  });

  it("replaces a parent's action with its options as a whole", () => {
    const parent = parsePolicyText(
      'schema: custos.policy.v1\nname: parent\nextends: default\nredact: {entities: {PERSON: {action: mask, keep: 2}}}',
      'parent.yaml',
    );
    const child = parsePolicyText(
      'schema: custos.policy.v1\nname: child\nextends: parent\nredact: {entities: {PERSON: {action: numbered}}}',
      'child.yaml',
    );
    const { redact } = resolvePolicy('child', [...base, parent, child]);
    expect(redact.entities['PERSON']).toEqual({ action: 'numbered' });
  });

  it('has the defaults that its schema states', () => {
    const { $defs } = JSON.parse(read('../schemas/policy.schema.json')) as {
      readonly $defs: { readonly entityAction: { readonly anyOf: readonly Form[] } };
    };
    const { properties = {} } = $defs.entityAction.anyOf[1] ?? {};
    const stated = Object.entries(properties).filter(([name]) => name !== 'action');
    expect(Object.fromEntries(stated.map(([name, one]) => [name, one.default]))).toEqual(
      ACTION_DEFAULTS,
    );
  });

  it('finds an action for a type that nobody knows a kind of', () => {
    expect(findActionFaults({ VEHICLE_ID: 'pseudonym' })).toEqual([]);
    expect(findActionFaults({ VEHICLE_ID: 'generalize' })).toHaveLength(1);
  });
});
