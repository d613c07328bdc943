import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { ValidateFunction } from 'ajv';
import { describe, expect, it } from 'vitest';
import * as schemas from './index.js';
import { violationsOf } from './index.js';

// Every schemas/examples/<name>.valid.json is a list of documents that <name>.schema.json takes.
// Every <name>.invalid.json is a list of documents that it refuses; an entry may say where and why:
// {"document": ..., "expect": [{"pointer": "/x", "contains": "..."}]}.

interface Refusal {
  readonly document: unknown;
  readonly expect: readonly { readonly pointer: string; readonly contains: string }[];
}

const SCHEMAS = new URL('./', import.meta.url);
const EXAMPLES = new URL('./examples/', import.meta.url);

function readJson(url: URL): unknown {
  return JSON.parse(readFileSync(url, 'utf8'));
}

function validatorOf(name: string): ValidateFunction {
  const { title } = readJson(new URL(`${name}.schema.json`, SCHEMAS)) as { title: string };
  const validator = (schemas as unknown as Record<string, ValidateFunction>)[`validate${title}`];
  if (validator === undefined) throw new Error(`no validate${title}: run npm run generate`);
  return validator;
}

function namesOf(kind: 'valid' | 'invalid'): string[] {
  return readdirSync(EXAMPLES)
    .filter((file) => file.endsWith(`.${kind}.json`))
    .map((file) => basename(file, `.${kind}.json`));
}

function examplesOf(name: string, kind: 'valid' | 'invalid'): unknown[] {
  const examples = readJson(new URL(`${name}.${kind}.json`, EXAMPLES));
  if (!Array.isArray(examples) || examples.length === 0) {
    throw new Error(`${name}.${kind}.json must be a list with at least one example`);
  }
  return examples as unknown[];
}

function isRefusal(example: unknown): example is Refusal {
  return (
    typeof example === 'object' && example !== null && 'document' in example && 'expect' in example
  );
}

describe.each(namesOf('valid'))('%s', (name) => {
  it.each(examplesOf(name, 'valid').map((example, index) => [index, example]))(
    'takes example %d',
    (_, example) => {
      const validator = validatorOf(name);
      validator(example);
      expect(violationsOf(validator)).toEqual([]);
    },
  );
});

describe.each(namesOf('invalid'))('%s', (name) => {
  it.each(examplesOf(name, 'invalid').map((example, index) => [index, example]))(
    'refuses example %d',
    (_, example) => {
      const validator = validatorOf(name);
      expect(validator(isRefusal(example) ? example.document : example)).toBe(false);
      const violations = violationsOf(validator);
      for (const { pointer, contains } of isRefusal(example) ? example.expect : []) {
        expect(violations).toContainEqual({ pointer, expected: expect.stringContaining(contains) });
      }
    },
  );
});

describe('the examples', () => {
  const documents = readdirSync(SCHEMAS)
    .filter((file) => file.endsWith('.schema.json') && file !== 'common.schema.json')
    .map((file) => basename(file, '.schema.json'));

  it.each(documents)('%s has valid and invalid ones', (name) => {
    expect(namesOf('valid')).toContain(name);
    expect(namesOf('invalid')).toContain(name);
  });

  it('belong to a schema', () => {
    const orphans = [...namesOf('valid'), ...namesOf('invalid')].filter(
      (name) => !documents.includes(name),
    );
    expect(orphans).toEqual([]);
  });
});
