import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { REJECT_REASONS } from '../../domain/record/index.js';

const page = readFileSync('docs/formats.md', 'utf8');

/** First cells of the tables of a section, without their marks. */
function listed(section: string): string[] {
  const text = page.split(/^## /m).find((part) => part.startsWith(section)) ?? '';
  return [...text.matchAll(/^\| `([^`]+)`/gm)].map(([, cell = '']) => cell);
}

/** The codes of a room's union of error codes. */
function codesOf(file: string): string[] {
  const union = /type \w+ErrorCode =([^;]+);/.exec(readFileSync(file, 'utf8'))?.[1] ?? '';
  return [...union.matchAll(/'(\w+)'/g)].map(([, code = '']) => code);
}

interface Schema {
  readonly $defs: { readonly source: { readonly properties: Record<string, { enum: string[] }> } };
}

const schema = JSON.parse(readFileSync('schemas/run-request.schema.json', 'utf8')) as Schema;

describe('docs/formats.md', () => {
  it('explains every reason, and no other', () => {
    expect(listed('Reasons in quarantine').toSorted()).toEqual(REJECT_REASONS.toSorted());
  });

  it('explains every code of a source, and no other', () => {
    const codes = [...codesOf('domain/record/errors.ts'), ...codesOf('infra/sources/errors.ts')];
    expect(codes.length).toBeGreaterThan(10);
    // A shard is no source.
    const expected = codes.filter((code) => code !== 'SHARD_INVALID');
    expect(listed('Errors that stop a run').toSorted()).toEqual(expected.toSorted());
  });

  it('lists every format and shape of the schema', () => {
    const { format, shape } = schema.$defs.source.properties;
    expect(listed('Formats').toSorted()).toEqual(format?.enum.toSorted());
    expect(listed('From a row to a record').toSorted()).toEqual(shape?.enum.toSorted());
  });
});
