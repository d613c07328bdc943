import type { AssessReport, Policy } from '../../schemas/index.js';
import { sha256 } from '../lineage/index.js';
import {
  countBaseParameters,
  openSafetensors,
  parseModelConfig,
  type RangeSource,
} from '../model/index.js';
import { loadTokenizer } from '../tokenize/index.js';
import { AssessError } from './errors.js';

export interface ModelFile {
  readonly name: string;
  readonly digest: string;
  readonly sizeBytes: number;
}

/** The files of a base model directory, readable by name. */
export interface ModelFiles {
  readonly files: readonly ModelFile[];
  range(name: string): RangeSource;
}

interface Check {
  readonly name: string;
  readonly passed: boolean;
  readonly detail: string;
}

// An allow-list: block-lists of pickle carriers have been bypassed again and again.
const ALLOWED =
  /(^|\/)(LICENSE|NOTICE|\.gitattributes|[^/]+\.(safetensors|json|jinja|txt|md|model))$/i;
const REMOTE_CODE_KEYS = ['auto_map', 'custom_pipelines', 'auto_mapping'];

async function readText(model: ModelFiles, file: ModelFile): Promise<string> {
  const bytes = await model.range(file.name).readRange(0, file.sizeBytes);
  return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
}

async function readJson(model: ModelFiles, file: ModelFile): Promise<Record<string, unknown>> {
  try {
    return JSON.parse(await readText(model, file)) as Record<string, unknown>;
  } catch {
    throw new AssessError(`${file.name} of the base model is not UTF-8 JSON; restore the file`);
  }
}

function checkFileTypes({ files }: ModelFiles): Check {
  const refused = files.filter((file) => !ALLOWED.test(file.name)).map((file) => file.name);
  return {
    name: 'no-pickle-no-code',
    passed: refused.length === 0,
    detail:
      refused.length === 0
        ? 'only safetensors, JSON and text'
        : `files that can carry code: ${refused.slice(0, 5).join(', ')}; use a safetensors revision without them`,
  };
}

async function checkRemoteCode(model: ModelFiles): Promise<Check> {
  const found: string[] = [];
  for (const file of model.files.filter(({ name }) => /config\.json$/.test(name))) {
    const json = await readJson(model, file);
    found.push(
      ...REMOTE_CODE_KEYS.filter((key) => key in json).map((key) => `${file.name} /${key}`),
    );
  }
  return {
    name: 'no-remote-code',
    passed: found.length === 0,
    detail:
      found.length === 0
        ? 'no auto_map'
        : `asks for remote code: ${found.join(', ')}; use a revision that needs no code of its own`,
  };
}

async function checkWeights(model: ModelFiles, policy: Policy['assess']): Promise<Check> {
  const weights = model.files.filter(({ name }) => name.endsWith('.safetensors'));
  const bytes = weights.reduce((sum, file) => sum + file.sizeBytes, 0);
  for (const file of weights) await openSafetensors(model.range(file.name));
  const passed = weights.length > 0 && bytes <= policy.maxWeightBytes;
  const limit = `the policy's limit is ${String(policy.maxWeightBytes)} (/assess/maxWeightBytes)`;
  return {
    name: 'weights',
    passed,
    detail: `${String(weights.length)} safetensors files, ${String(bytes)} bytes; ${limit}`,
  };
}

const required = (model: ModelFiles, name: string): ModelFile => {
  const file = model.files.find((candidate) => candidate.name === name);
  if (file !== undefined) return file;
  throw new AssessError(
    `the base model directory has no ${name}; a Hugging Face model directory is expected`,
  );
};

/**
 * Checks a base model whose files' digests have been verified.
 * @throws AssessError naming every check that refuses; ModelError for a malformed config or header,
 *   TokenizeError for a tokenizer that would tokenize differently here
 */
export async function assessModel(
  model: ModelFiles,
  revision: string,
  policy: Policy['assess'],
): Promise<AssessReport> {
  // File types first: nothing else of a directory that may carry code is opened.
  const types = checkFileTypes(model);
  if (!types.passed) throw new AssessError(`the base model is refused: ${types.detail}`);
  const json = await readJson(model, required(model, 'config.json'));
  const remote = await checkRemoteCode(model);
  if (!remote.passed) throw new AssessError(`the base model is refused: ${remote.detail}`);
  const config = parseModelConfig(json);
  const [stated] = (json['architectures'] as unknown[] | undefined) ?? [];
  const architecture = typeof stated === 'string' ? stated : 'unknown';
  const supported: Check = {
    name: 'architecture',
    passed: policy.architectures.includes(architecture),
    detail: `${architecture}; the policy allows ${policy.architectures.join(', ')} (/assess/architectures)`,
  };
  const tokenizer = await readJson(model, required(model, 'tokenizer.json'));
  const tokenizerConfig = await readJson(model, required(model, 'tokenizer_config.json'));
  const template = tokenizerConfig['chat_template'];
  // Here and not at the first tokenization, which comes after a person has reviewed.
  loadTokenizer({ tokenizer, config: tokenizerConfig });
  const checks = [types, remote, supported, await checkWeights(model, policy)];
  const refused = checks.filter((check) => !check.passed);
  if (refused.length > 0) {
    throw new AssessError(
      `the base model is refused: ${refused.map((check) => check.detail).join('; ')}`,
    );
  }
  return {
    schema: 'custos.assess-report.v1',
    revision,
    architecture,
    parameters: countBaseParameters(config),
    chatTemplateDigest: template === undefined ? null : sha256(JSON.stringify(template)),
    files: model.files.map((file) => ({ ...file })),
    checks,
    refusals: 0,
  };
}
