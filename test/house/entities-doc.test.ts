import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ENTITY_TYPES } from '../../domain/redact/index.js';
import { RECOGNIZERS } from '../../domain/redact/recognizers/index.js';
import type { Pattern } from '../../domain/redact/types.js';
import { parsePolicyText, resolvePolicy } from '../../policies/index.js';

const ROOT = new URL('../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, ROOT), 'utf8');

const pack = parsePolicyText(read('policies/default.yaml'), 'default.yaml');
const { entities } = resolvePolicy('default', [pack], ENTITY_TYPES).redact;

/** Rows of the table of entity types: type -> its other cells. */
const rows = new Map(
  [...read('docs/redaction.md').matchAll(/^\| `([A-Z_0-9]+)` \|(.*)\|$/gm)].map(
    ([, type = '', cells = '']) => [type, cells.split('|').map((cell) => cell.trim())],
  ),
);

/** Found only beside a label or a cue word. */
const hasCue = (pattern: Pattern): boolean =>
  'labels' in pattern || pattern.needsContext === true || /\(\?<value>/.test(pattern.regex.source);

function cueOf(type: string): string {
  const patterns = RECOGNIZERS.filter((one) => one.type === type).flatMap((one) => one.patterns);
  if (patterns.every(hasCue)) return 'yes';
  return patterns.some(hasCue) ? 'some' : 'no';
}

describe('the table of entity types in docs/redaction.md', () => {
  it('has a row for each type and no other', () => {
    expect([...rows.keys()].sort()).toEqual([...ENTITY_TYPES].sort());
  });

  it.each(ENTITY_TYPES)('%s is told as it is', (type) => {
    const [recognizers = '', checks = '', cue, action] = rows.get(type) ?? [];
    const own = RECOGNIZERS.filter((one) => one.type === type);
    const names = [...recognizers.matchAll(/`([\w-]+)`/g)].map(([, name]) => name);
    expect(names.sort()).toEqual(own.map(({ name }) => name).sort());
    expect(checks !== '').toBe(own.some(({ validate }) => validate !== undefined));
    expect(cue).toBe(cueOf(type));
    expect(action).toBe(entities[type] ?? 'not looked for');
  });
});
