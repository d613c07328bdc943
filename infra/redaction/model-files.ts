import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { digestJson, sha256 } from '../../domain/lineage/index.js';
import { NameModelError } from './errors.js';

/** The labels and inputs that the engine decodes; a model with others would be misread in silence. */
const LABELS = ['O', 'B-PER', 'I-PER', 'B-LOC', 'I-LOC', 'B-ORG', 'I-ORG'];
const INPUTS = ['input_ids', 'attention_mask', 'token_type_ids'];

interface ModelConfig {
  readonly name: string;
  readonly model: string;
  readonly vocabulary: string;
  readonly temperature: number;
}

/** The verified files of a name model. */
export interface ModelFiles {
  readonly name: string;
  readonly digest: string;
  readonly graph: Uint8Array;
  readonly vocabulary: string;
  readonly temperature: number;
}

async function readBytes(folder: string, file: string): Promise<Uint8Array> {
  try {
    return await readFile(join(folder, file));
  } catch (cause) {
    throw new NameModelError(
      'NAME_MODEL_MISSING',
      `the model of names has no readable ${file} in ${folder}; install Custos again, or take profile "patterns"`,
      { cause },
    );
  }
}

function parse(bytes: Uint8Array, folder: string, file: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(Buffer.from(bytes).toString('utf8'));
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch {
    // Below: what stands there is no JSON object.
  }
  throw corrupt(folder, `${file} is not a JSON object`);
}

function corrupt(folder: string, problem: string): NameModelError {
  return new NameModelError(
    'NAME_MODEL_CORRUPT',
    `the model of names in ${folder} cannot be trusted: ${problem}; restore its files`,
  );
}

const equal = (value: unknown, wanted: readonly string[]): boolean =>
  JSON.stringify(value) === JSON.stringify(wanted);

function configOf(value: Record<string, unknown>, folder: string): ModelConfig {
  const { name, model, vocabulary, temperature, labels, inputs } = value;
  const texts = [name, model, vocabulary].every((text) => typeof text === 'string' && text !== '');
  const warm = typeof temperature === 'number' && temperature > 0;
  if (texts && warm && equal(labels, LABELS) && equal(inputs, INPUTS)) {
    return value as unknown as ModelConfig;
  }
  throw corrupt(
    folder,
    `config.json needs name, model, vocabulary, a temperature above 0, labels ${LABELS.join(' ')} and inputs ${INPUTS.join(' ')}`,
  );
}

/**
 * Reads a model folder and compares every file with digests.json.
 * @param expected the digest over the folder's configuration and files, where one is pinned
 * @throws NameModelError NAME_MODEL_MISSING, NAME_MODEL_CORRUPT
 */
export async function readModelFiles(folder: string, expected?: string): Promise<ModelFiles> {
  const [configBytes, digestBytes] = await Promise.all(
    ['config.json', 'digests.json'].map((file) => readBytes(folder, file)),
  );
  if (configBytes === undefined || digestBytes === undefined) throw corrupt(folder, 'it is empty');
  const config = configOf(parse(configBytes, folder, 'config.json'), folder);
  const digests = parse(digestBytes, folder, 'digests.json');
  const verified = async (file: string): Promise<Uint8Array> => {
    const bytes = await readBytes(folder, file);
    if (sha256(bytes) === digests[file]) return bytes;
    throw corrupt(folder, `${file} is not the bytes that digests.json names`);
  };
  const [graph, vocabulary] = [await verified(config.model), await verified(config.vocabulary)];
  const digest = digestJson({
    'config.json': sha256(configBytes),
    [config.model]: sha256(graph),
    [config.vocabulary]: sha256(vocabulary),
  });
  if (expected !== undefined && digest !== expected) {
    throw corrupt(folder, `it is ${digest}, and ${expected} was asked for`);
  }
  return {
    name: config.name,
    digest,
    graph,
    vocabulary: Buffer.from(vocabulary).toString('utf8'),
    temperature: config.temperature,
  };
}
