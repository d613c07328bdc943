import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { builtInModel } from './built-in-models.js';
import { openClassifier, readModel } from './onnx-classifier.js';

const root = mkdtempSync(join(tmpdir(), 'custos-names-'));
afterAll(() => {
  rmSync(root, { recursive: true });
});
const fast = builtInModel('fast');
if (fast === undefined) throw new Error('there is no model for profile fast');
let copies = 0;

/** A copy of the small model with one file rewritten. */
function copyWith(file: string, change: (bytes: Buffer) => Buffer | string): string {
  copies += 1;
  const folder = join(root, String(copies));
  cpSync(fast?.folder ?? '', folder, { recursive: true });
  writeFileSync(join(folder, file), change(readFileSync(join(folder, file))));
  return folder;
}

const json = (change: (value: Record<string, unknown>) => object) => (bytes: Buffer) =>
  JSON.stringify(change(JSON.parse(bytes.toString()) as Record<string, unknown>));

describe('the models that come with Custos', () => {
  it.each(['fast', 'thorough'] as const)('%s is the one that is pinned', async (profile) => {
    const model = builtInModel(profile);
    const files = await readModel(model?.folder ?? '', model?.digest);
    expect(files).toMatchObject({ name: `custos-names-${profile}`, digest: model?.digest });
  });
});

describe('a model folder is refused', () => {
  it.each([
    ['without its graph', 'config.json', json((c) => ({ ...c, model: 'none.onnx' })), 'MISSING'],
    ['with another vocabulary', 'vocab.txt', (b: Buffer) => `${b.toString()}x\n`, 'CORRUPT'],
    [
      'with a flipped byte',
      'model.onnx',
      (b: Buffer) => Buffer.concat([b, b.subarray(0, 1)]),
      'CORRUPT',
    ],
    ['with other labels', 'config.json', json((c) => ({ ...c, labels: ['O', 'X'] })), 'CORRUPT'],
    ['with another temperature', 'config.json', json((c) => ({ ...c, temperature: 9 })), 'CORRUPT'],
    ['with another gate', 'gate.bin', (b: Buffer) => Buffer.concat([b, b]), 'CORRUPT'],
    ['with a gate of no threshold', 'config.json', json((c) => ({ ...c, gate: {} })), 'CORRUPT'],
    ['that is no JSON', 'digests.json', () => '{', 'CORRUPT'],
  ])('%s', async (_, file, change, code) => {
    const folder = copyWith(file, change);
    await expect(readModel(folder, fast.digest)).rejects.toMatchObject({
      code: `NAME_MODEL_${code}`,
      message: expect.stringContaining(folder) as string,
    });
  });

  it('when the runtime cannot open it', async () => {
    const graph = Buffer.from('not a graph');
    const folder = copyWith('model.onnx', () => graph);
    const digest = `sha256:${(await import('node:crypto')).createHash('sha256').update(graph).digest('hex')}`;
    const digests = JSON.parse(readFileSync(join(folder, 'digests.json'), 'utf8')) as object;
    writeFileSync(
      join(folder, 'digests.json'),
      JSON.stringify({ ...digests, 'model.onnx': digest }),
    );
    await expect(openClassifier(folder)).rejects.toMatchObject({ code: 'NAME_MODEL_UNRUNNABLE' });
  });
});
