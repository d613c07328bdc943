import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createNameTagger } from '../../domain/redact/index.js';
import { mapLabels } from './label-map.js';
import { createRedactor } from './library.js';
import { openClassifier, readModel } from './onnx-classifier.js';
import { openTagger } from './open-tagger.js';

const TINY = resolve('test/fixtures/token-classifier');
const TEXT = 'Alice Smith works at Acme, in Paris. A widget.';

const root = mkdtempSync(join(tmpdir(), 'custos-classifier-'));
afterAll(() => {
  rmSync(root, { recursive: true });
});
let copies = 0;

/** A copy of the tiny model with one file changed, or taken away where there is nothing new. */
function copyWith(file: string, change: (bytes: Buffer) => Buffer | string | undefined): string {
  copies += 1;
  const folder = join(root, `tiny-${String(copies)}`);
  cpSync(TINY, folder, { recursive: true });
  const bytes = change(readFileSync(join(folder, file)));
  if (bytes === undefined) rmSync(join(folder, file));
  else writeFileSync(join(folder, file), bytes);
  return folder;
}

const json = (change: (value: Record<string, unknown>) => object) => (bytes: Buffer) =>
  JSON.stringify(change(JSON.parse(bytes.toString()) as Record<string, unknown>));

describe('a Hugging Face token classifier', () => {
  it('finds names at their places', async () => {
    const redactor = await createRedactor({ profile: 'fast', model: { folder: TINY } });
    const spans = await redactor.find(TEXT);
    expect(spans.map(({ start, end, type }) => [TEXT.slice(start, end), type])).toEqual([
      ['Alice Smith', 'PERSON'],
      ['Acme', 'ORGANIZATION'],
      ['Paris', 'LOCATION'],
    ]);
  });

  it('reads long texts in windows that its positions allow', async () => {
    const { frame } = await openClassifier(TINY);
    expect(frame).toEqual({ before: [2], after: [3], subwords: 60 });
    const tagger = createNameTagger(await openClassifier(TINY));
    const [words = []] = await tagger.tag(['Alice '.repeat(200)]);
    expect(words).toHaveLength(200);
    expect(words.every(({ probabilities }) => (probabilities[1] ?? 0) > 0.9)).toBe(true);
  });

  it('is held to its digest, which changes with every file', async () => {
    const { digest } = await readModel(TINY);
    await expect(openTagger('thorough', { folder: TINY, digest })).resolves.toMatchObject({
      name: 'token-classifier',
      digest,
    });
    const other = copyWith(
      'config.json',
      json((value) => ({ ...value, model_type: 'other' })),
    );
    await expect(openTagger('thorough', { folder: other, digest })).rejects.toMatchObject({
      code: 'NAME_MODEL_CORRUPT',
      message: expect.stringContaining(digest) as string,
    });
  });

  it.each([
    ['without a tokenizer', 'tokenizer.json', () => undefined, 'MISSING', 'tokenizer.json'],
    ['without a graph', 'model.onnx', () => undefined, 'MISSING', 'model.onnx'],
    ['without a configuration', 'config.json', () => undefined, 'MISSING', 'config.json'],
    ['with a graph that is none', 'model.onnx', () => 'text', 'UNRUNNABLE', 'onnxruntime'],
    ['with a tokenizer that is none', 'tokenizer.json', () => '{}', 'CORRUPT', 'tokenizer.json'],
    [
      'with labels of something else',
      'config.json',
      json((value) => ({ ...value, id2label: { 0: 'LABEL_0', 1: 'LABEL_1' } })),
      'CORRUPT',
      'id2label',
    ],
    [
      'with neither form of configuration',
      'config.json',
      () => '{"model_type": "bert"}',
      'CORRUPT',
      'id2label',
    ],
  ] as const)('%s is refused', async (_, file, change, code, named) => {
    const folder = copyWith(file, change);
    await expect(openTagger('thorough', { folder })).rejects.toMatchObject({
      code: `NAME_MODEL_${code}`,
      message: expect.stringContaining(named) as string,
    });
  });

  it('with fewer labels than its graph gives is refused when it reads', async () => {
    const id2label = { 0: 'O', 1: 'PER' };
    const folder = copyWith(
      'config.json',
      json((value) => ({ ...value, id2label })),
    );
    const tagger = createNameTagger(await openClassifier(folder));
    await expect(tagger.tag([TEXT])).rejects.toMatchObject({ code: 'NAME_MODEL_CORRUPT' });
  });

  it('is refused for a profile that reads no names', async () => {
    await expect(openTagger('patterns', { folder: TINY })).rejects.toMatchObject({
      code: 'NAME_MODEL_UNUSED',
    });
  });
});

describe('labels of a model', () => {
  const best = (id2label: object, id: number): number => {
    const map = mapLabels(id2label);
    const logits = new Float32Array(map?.labels ?? 0);
    logits[id] = 20;
    const row = map?.toLogits(logits) ?? new Float32Array();
    return row.indexOf(Math.max(...row));
  };

  it.each([
    ['IOB2', { 0: 'O', 1: 'B-PER', 2: 'I-PER' }, 1, 1],
    ['IOB2, inside', { 0: 'O', 1: 'B-PER', 2: 'I-PER' }, 2, 2],
    ['BIOES, single', { 0: 'O', 1: 'S-LOC', 2: 'E-LOC' }, 1, 3],
    ['BILOU, last', { 0: 'O', 1: 'U-LOC', 2: 'L-LOC' }, 2, 4],
    ['IO, goes on', { 0: 'O', 1: 'I-ORG' }, 1, 6],
    ['no prefix', { 0: 'O', 1: 'person' }, 1, 2],
    ['another type', { 0: 'O', 1: 'B-MISC', 2: 'B-PER' }, 1, 0],
    ['a geopolitical entity', { 0: 'O', 1: 'B-GPE' }, 1, 3],
  ])('%s', (_, id2label, id, label) => {
    expect(best(id2label, id)).toBe(label);
  });

  it.each([
    ['none', undefined],
    ['ids with a gap', { 0: 'O', 2: 'B-PER' }],
    ['no text', { 0: 'O', 1: 7 }],
    ['nothing of the three types', { 0: 'O', 1: 'B-MISC' }],
  ])('%s are refused', (_, id2label) => {
    expect(mapLabels(id2label)).toBeUndefined();
  });
});
