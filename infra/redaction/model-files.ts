import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { digestJson, sha256 } from '../../domain/lineage/index.js';
import { isGateSize, wordPieces, type TokenClassifier } from '../../domain/redact/index.js';
import { NameModelError } from './errors.js';

/** The labels and inputs that the engine decodes; a model with others would be misread in silence. */
const LABELS = ['O', 'B-PER', 'I-PER', 'B-LOC', 'I-LOC', 'B-ORG', 'I-ORG'];
const INPUTS = ['input_ids', 'token_type_ids'];

/** [CLS] and [SEP] of BERT's uncased vocabulary, around what the positions leave of 128. */
const FRAME = { before: [101], after: [102], subwords: 126 } as const;

/** A name model's verified files, ready for the runtime. */
export interface ModelFiles extends Omit<TokenClassifier, 'classify'> {
  readonly graph: Uint8Array;
  /** What `token_type_ids` holds: each word's case class, or zeros. */
  readonly tokenTypes: 'case' | 'zero';
  /** Labels a subword that the graph gives. */
  readonly labels: number;
  /** Turns (subwords x labels) of the graph into (subwords x 7) logits; the same array where equal. */
  readonly toLogits: (values: Float32Array) => Float32Array;
}

interface ModelConfig {
  readonly name: string;
  readonly model: string;
  readonly vocabulary: string;
  readonly temperature: number;
  readonly gate?: { readonly tables: string; readonly threshold: number };
}

export async function readBytes(folder: string, file: string): Promise<Uint8Array> {
  try {
    return await readFile(join(folder, file));
  } catch (cause) {
    throw new NameModelError(
      'NAME_MODEL_MISSING',
      `the model of names has no readable ${file} in ${folder}; a model that comes with Custos is restored by installing it again, another one needs its whole folder (docs/redaction.md)`,
      { cause },
    );
  }
}

export function parseObject(
  bytes: Uint8Array,
  folder: string,
  file: string,
): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(Buffer.from(bytes).toString('utf8'));
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch {
    // Below: what stands there is no JSON object.
  }
  throw corrupt(folder, `${file} is not a JSON object`);
}

export function corrupt(folder: string, problem: string, cause?: unknown): NameModelError {
  return new NameModelError(
    'NAME_MODEL_CORRUPT',
    `the model of names in ${folder} cannot be used: ${problem}; restore its files or name another folder`,
    { cause },
  );
}

/** @throws NameModelError where a digest is pinned and another one was found */
export function holdToDigest(folder: string, digest: string, expected: string | undefined): void {
  if (expected === undefined || digest === expected) return;
  throw corrupt(folder, `its digest is ${digest}, and ${expected} was asked for`);
}

const equal = (value: unknown, wanted: readonly string[]): boolean =>
  JSON.stringify(value) === JSON.stringify(wanted);

function isGate(value: unknown): boolean {
  if (value === undefined) return true;
  const { tables, threshold } = value as Partial<NonNullable<ModelConfig['gate']>>;
  return typeof tables === 'string' && Number.isInteger(threshold);
}

function configOf(value: Record<string, unknown>, folder: string): ModelConfig {
  const { name, model, vocabulary, temperature, labels, inputs, gate } = value;
  const texts = [name, model, vocabulary].every((text) => typeof text === 'string' && text !== '');
  const warm = typeof temperature === 'number' && temperature > 0;
  if (texts && warm && isGate(gate) && equal(labels, LABELS) && equal(inputs, INPUTS)) {
    return value as unknown as ModelConfig;
  }
  throw corrupt(
    folder,
    `config.json is neither that of a Hugging Face token classifier (it has no id2label) nor one of Custos, which needs name, model, vocabulary, a temperature above 0, labels ${LABELS.join(' ')} and inputs ${INPUTS.join(' ')}`,
  );
}

/** The gate of a configuration that names one, its tables as wide as the vocabulary. */
function gateOf(
  { gate }: ModelConfig,
  bytes: Uint8Array | undefined,
  folder: string,
): Pick<TokenClassifier, 'gate'> {
  if (gate === undefined || bytes === undefined) return {};
  if (!isGateSize(bytes.length)) throw corrupt(folder, `${gate.tables} has not a gate's size`);
  const tables = new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length);
  return { gate: { tables, threshold: gate.threshold } };
}

/**
 * Reads a folder of Custos's own form and compares every file with digests.json.
 * @param expected the digest over the folder's configuration and files, where one is pinned
 * @throws NameModelError NAME_MODEL_MISSING, NAME_MODEL_CORRUPT
 */
export async function readOwnModel(
  folder: string,
  configBytes: Uint8Array,
  expected?: string,
): Promise<ModelFiles> {
  const config = configOf(parseObject(configBytes, folder, 'config.json'), folder);
  const digests = parseObject(await readBytes(folder, 'digests.json'), folder, 'digests.json');
  const verified = async (file: string): Promise<Uint8Array> => {
    const bytes = await readBytes(folder, file);
    if (sha256(bytes) === digests[file]) return bytes;
    throw corrupt(folder, `${file} is not the bytes that digests.json names`);
  };
  const [graph, vocabulary] = [await verified(config.model), await verified(config.vocabulary)];
  const tables = config.gate && (await verified(config.gate.tables));
  const digest = digestJson({
    'config.json': sha256(configBytes),
    [config.model]: sha256(graph),
    [config.vocabulary]: sha256(vocabulary),
    ...(config.gate && tables ? { [config.gate.tables]: sha256(tables) } : {}),
  });
  holdToDigest(folder, digest, expected);
  return {
    name: config.name,
    digest,
    graph,
    tokenTypes: 'case',
    labels: LABELS.length,
    toLogits: (values) => values,
    subwords: wordPieces(Buffer.from(vocabulary).toString('utf8')),
    frame: FRAME,
    temperature: config.temperature,
    ...gateOf(config, tables, folder),
  };
}
