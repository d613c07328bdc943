import { existsSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { Tokenizer as LibraryTokenizer } from '@huggingface/tokenizers';
import { digestJson, sha256 } from '../../domain/lineage/index.js';
import type { Frame } from '../../domain/redact/index.js';
import { loadTokenizer } from '../../domain/tokenize/index.js';
import { mapLabels, type LabelMap } from './label-map.js';
import { corrupt, holdToDigest, parseObject, readBytes, type ModelFiles } from './model-files.js';

/** What is used of the library; its own declarations do not resolve under NodeNext. */
interface Tokenizer {
  encode(text: string, options: { add_special_tokens: boolean }): { readonly ids: number[] };
}
const Tokenizer = LibraryTokenizer as unknown as new (
  tokenizer: object,
  config: object,
) => Tokenizer;

/** Where exports put the graph; the first that is there is taken. */
const GRAPHS = ['model.onnx', 'onnx/model.onnx', 'onnx/model_quantized.onnx'] as const;
/** Subwords of a window, as for Custos's own models. */
const MAX_SUBWORDS = 126;
/** RoBERTa counts positions from two on. */
const POSITION_OFFSET = 2;

/** True for the configuration of a Hugging Face token classifier. */
export const isHuggingFaceConfig = (config: Readonly<Record<string, unknown>>): boolean =>
  'id2label' in config;

function labelsOf({ id2label }: Readonly<Record<string, unknown>>, folder: string): LabelMap {
  const map = mapLabels(id2label);
  if (map !== undefined) return map;
  throw corrupt(
    folder,
    'none of the labels in id2label of its config.json is a person, place or organization (PER, LOC, GPE, ORG and their longer names, after B-, I-, E-, S-, L-, U- or nothing)',
  );
}

/** Byte-level vocabularies hold most words with the space before them. */
const isByteLevel = (tokenizer: Readonly<Record<string, unknown>>): boolean =>
  JSON.stringify(tokenizer['pre_tokenizer'] ?? null).includes('"ByteLevel"');

/** The special tokens that the tokenizer puts around a text. */
function frameOf(tokenizer: Tokenizer, positions: unknown): Frame {
  const { ids } = tokenizer.encode('a', { add_special_tokens: false });
  const framed = tokenizer.encode('a', { add_special_tokens: true }).ids;
  const at = Math.max(
    0,
    framed.findIndex((_, from) => ids.every((id, k) => framed[from + k] === id)),
  );
  const [before, after] = [framed.slice(0, at), framed.slice(at + ids.length)];
  const room = (typeof positions === 'number' ? positions : Infinity) - POSITION_OFFSET;
  const subwords = Math.min(MAX_SUBWORDS, room - before.length - after.length);
  return { before, after, subwords: Math.max(1, subwords) };
}

const reasonOf = (cause: unknown): string => (cause instanceof Error ? cause.message : 'unknown');

function openTokenizer(
  bytes: Uint8Array,
  folder: string,
): { readonly tokenizer: Tokenizer; readonly lead: string } {
  const json = parseObject(bytes, folder, 'tokenizer.json');
  try {
    // Refuses the parts that the library computes otherwise than Hugging Face's own.
    loadTokenizer({ tokenizer: json, config: {} });
    return { tokenizer: new Tokenizer(json, {}), lead: isByteLevel(json) ? ' ' : '' };
  } catch (cause) {
    throw corrupt(
      folder,
      `tokenizer.json is no tokenizer that can be read here (${reasonOf(cause)})`,
      cause,
    );
  }
}

/**
 * Reads a Hugging Face token classifier: config.json with `id2label`, tokenizer.json, and the graph in
 * ONNX form. A text is cut into words as for Custos's own models, and each word's subwords are asked
 * for by itself, as such models are trained (`is_split_into_words`). Its scores are its own; they are
 * not calibrated here.
 * @throws NameModelError NAME_MODEL_MISSING, NAME_MODEL_CORRUPT
 */
export async function readHuggingFaceModel(
  folder: string,
  configBytes: Uint8Array,
  expected?: string,
): Promise<ModelFiles> {
  const config = parseObject(configBytes, folder, 'config.json');
  const map = labelsOf(config, folder);
  const tokenizerBytes = await readBytes(folder, 'tokenizer.json');
  const { tokenizer, lead } = openTokenizer(tokenizerBytes, folder);
  const file = GRAPHS.find((name) => existsSync(join(folder, name))) ?? GRAPHS[0];
  const graph = await readBytes(folder, file);
  const digest = digestJson({
    'config.json': sha256(configBytes),
    'tokenizer.json': sha256(tokenizerBytes),
    [file]: sha256(graph),
  });
  holdToDigest(folder, digest, expected);
  return {
    name: basename(resolve(folder)),
    digest,
    graph,
    tokenTypes: 'zero',
    ...map,
    subwords: (word) => tokenizer.encode(lead + word, { add_special_tokens: false }).ids,
    frame: frameOf(tokenizer, config['max_position_embeddings']),
    temperature: 1,
  };
}
