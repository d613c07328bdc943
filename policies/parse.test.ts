import { describe, expect, it } from 'vitest';
import { parsePolicyText, PolicyError } from './index.js';

const HEAD = 'schema: custos.policy.v1\nname: p\n';

function problemOf(text: string): unknown[] {
  try {
    parsePolicyText(text, 'p.yaml');
  } catch (error) {
    if (error instanceof PolicyError) return [error.code, error.problems[0]];
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('parsePolicyText', () => {
  it('places every member in the text', () => {
    const { document, lines } = parsePolicyText(
      `${HEAD}train:\n  targetModules:\n    - q_proj\n    - k_proj\n  a/b: 1\n`,
      'p',
    );
    expect(document.train).toEqual({ targetModules: ['q_proj', 'k_proj'], 'a/b': 1 });
    expect(Object.fromEntries(lines)).toEqual({
      '/': 1,
      '/schema': 1,
      '/name': 2,
      '/train': 3,
      '/train/targetModules': 4,
      '/train/targetModules/0': 5,
      '/train/targetModules/1': 6,
      '/train/a~1b': 7,
    });
  });

  it('reads JSON, which is YAML', () => {
    const { document } = parsePolicyText('{"schema":"custos.policy.v1","name":"p"}', 'p.json');
    expect(document.name).toBe('p');
  });

  it.each([
    ['a broken map', `${HEAD}train: {`, 'POLICY_SYNTAX', '/', 3],
    ['a key twice', `${HEAD}name: q`, 'POLICY_SYNTAX', '/', 3],
    ['an unknown tag', `${HEAD}train: !!js/function "x"`, 'POLICY_SYNTAX', '/', 3],
    ['an alias', `${HEAD}train: &t {r: 1}\naudit: *t`, 'POLICY_SYNTAX', '/', 4],
    ['two documents', `${HEAD}---\n${HEAD}`, 'POLICY_SYNTAX', '/', 3],
    ['an unknown section', `${HEAD}training: {}`, 'POLICY_SCHEMA', '/training', 3],
    ['a section that is a list', `${HEAD}train: [1]`, 'POLICY_SCHEMA', '/train', 3],
    ['another version', 'schema: custos.policy.v2\nname: p', 'POLICY_SCHEMA', '/schema', 1],
    ['a name with spaces', 'schema: custos.policy.v1\nname: a b', 'POLICY_SCHEMA', '/name', 2],
    ['nothing', '', 'POLICY_SCHEMA', '/', undefined],
    ['a scalar', 'hello', 'POLICY_SCHEMA', '/', 1],
  ])('refuses %s with its place', (_, text, code, pointer, line) => {
    const [seen, problem] = problemOf(text);
    expect(seen).toBe(code);
    expect(problem).toMatchObject({ document: 'p.yaml', pointer, ...(line && { line }) });
  });
});
