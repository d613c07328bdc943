import { describe, expect, it } from 'vitest';
import type { Stores } from '../infra/runtime/index.js';
import type { RegistryEntry } from '../schemas/index.js';
import { adapterText, inProject, parseAdapter } from './adapter-name.js';

describe('the name of an adapter', () => {
  it.each([
    ['support', undefined, { name: 'support' }],
    ['support@3', undefined, { name: 'support', version: 3 }],
    ['support@3', 'eu', { project: 'eu', name: 'support', version: 3 }],
    ['eu/support', undefined, { project: 'eu', name: 'support' }],
    ['eu/support@12', 'eu', { project: 'eu', name: 'support', version: 12 }],
  ])('%s with --project %s', (text, project, named) => {
    expect(parseAdapter(text, project)).toEqual(named);
  });

  it.each(['', '@1', 'support@', 'support@0', 'support@x', 'a/b/c', 'support@1@2', 'eu/'])(
    'is not %j',
    (text) => {
      expect(() => parseAdapter(text)).toThrow(expect.objectContaining({ code: 'USAGE' }) as Error);
    },
  );

  it('does not contradict --project', () => {
    expect(() => parseAdapter('eu/support', 'us')).toThrow(/of project eu, and --project names us/);
  });
});

const NAMES = ['eu/support@1', 'us/support@1', 'us/support@2', 'eu/claims@1'];
const registry = {
  list: () => Promise.resolve(NAMES.map((name) => parseAdapter(name) as RegistryEntry)),
} as unknown as Stores['registry'];

describe('the project of an adapter', () => {
  it.each([
    ['claims', 'eu/claims'],
    ['claims@1', 'eu/claims@1'],
    ['support@2', 'us/support@2'],
    ['us/support@1', 'us/support@1'],
  ])('%s is %s', async (text, found) => {
    expect(adapterText(await inProject({ registry }, parseAdapter(text)))).toBe(found);
  });

  it.each([
    ['support', 'USAGE', 'say which: eu/support or us/support (or give --project)'],
    ['support@1', 'USAGE', 'say which: eu/support@1 or us/support@1 (or give --project)'],
    [
      'eu/support@2',
      'NOT_FOUND',
      `there is no adapter eu/support@2; there are ${NAMES.join(', ')}`,
    ],
  ])('%s is refused with %s', async (text, code, message) => {
    await expect(inProject({ registry }, parseAdapter(text))).rejects.toMatchObject({
      code,
      message,
    });
  });

  it('is none where there is no adapter', async () => {
    const none = { list: () => Promise.resolve([]) } as unknown as Stores['registry'];
    await expect(inProject({ registry: none }, { name: 'support' })).rejects.toThrow(
      'there is no adapter support; there is none at all',
    );
  });
});
