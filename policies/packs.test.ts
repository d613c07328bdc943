import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ENTITY_TYPES, IDENTIFYING_TYPES } from '../domain/redact/index.js';
import { parsePolicyText, resolvePolicy } from './index.js';

const FOLDER = new URL('.', import.meta.url);
const packs = readdirSync(FOLDER)
  .filter((file) => file.endsWith('.yaml'))
  .map((file) => parsePolicyText(readFileSync(new URL(file, FOLDER), 'utf8'), file));
const page = readFileSync(new URL('../docs/policies.md', FOLDER), 'utf8');

type Json = Readonly<Record<string, unknown>>;
const schema = JSON.parse(
  readFileSync(new URL('../schemas/policy.schema.json', FOLDER), 'utf8'),
) as Json;

function at(value: unknown, pointer: string): unknown {
  return pointer
    .split('/')
    .slice(1)
    .reduce<unknown>((node, key) => (node as Json | undefined)?.[key], value);
}

describe.each(packs.map(({ document }) => [document.name, document] as const))(
  '%s',
  (name, pack) => {
    const policy = resolvePolicy(name, packs, ENTITY_TYPES);

    it('locks and demands only settings that exist', () => {
      const demanded = (pack.demands ?? []).flatMap(({ settings }) => settings);
      for (const pointer of [...(pack.locked ?? []), ...demanded]) {
        expect([pointer, at(policy, pointer)]).not.toEqual([pointer, undefined]);
      }
    });

    it('says what is missing where a demand is not met, and by what one is met', () => {
      for (const { source, settings, covered, note } of pack.demands ?? []) {
        expect([source, covered === 'no' || settings.length > 0]).toEqual([source, true]);
        expect([source, covered === 'yes' || note !== undefined]).toEqual([source, true]);
      }
    });

    it('stands in docs/policies.md with every source', () => {
      expect(page).toContain(`\`${name}\``);
      for (const { source } of pack.demands ?? []) {
        const short = source.replace(/^.*164\.514/, '').replace(/^PCI DSS v4\.0\.1, /, '');
        expect(page).toContain(short);
      }
    });
  },
);

describe('hipaa-safe-harbor', () => {
  const pack = packs.find(({ document: { name } }) => name === 'hipaa-safe-harbor')?.document;

  it('maps the 18 identifiers to entity types', () => {
    const letters = (pack?.demands ?? []).flatMap(({ source }) => {
      return /^45 CFR 164\.514\(b\)\(2\)\(i\)\(([A-R])\)$/.exec(source)?.[1] ?? [];
    });
    expect(letters.join('')).toBe('ABCDEFGHIJKLMNOPQR');
  });

  it('keeps no identifier that it looks for', () => {
    const { redact } = resolvePolicy('hipaa-safe-harbor', packs, ENTITY_TYPES);
    expect(Object.values(redact.entities)).not.toContain('keep');
    expect(Object.keys(redact.entities).toSorted()).toEqual(IDENTIFYING_TYPES.toSorted());
  });
});

describe('the schema of policies', () => {
  const base = resolvePolicy('default', packs);

  /** Every setting: pointer and schema node. */
  function settings(node: Json, pointer: string): (readonly [string, Json])[] {
    const members = node['properties'] as Readonly<Record<string, Json>> | undefined;
    if (members === undefined) return [[pointer, node]];
    return Object.entries(members).flatMap(([key, child]) => settings(child, `${pointer}/${key}`));
  }
  const rows = settings(schema, '').filter(([pointer]) => pointer.split('/').length > 2);

  it.each(rows)('%s is described and has the default of the pack', (pointer, node) => {
    expect(node['description']).toMatch(/^.{10,}/);
    expect(at(base, pointer)).toEqual(node['default']);
  });
});
