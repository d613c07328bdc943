import { readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { InvalidArgumentError, type Command } from 'commander';
import { digestJson } from '../../domain/lineage/index.js';
import {
  countParameters,
  LORA_MODULES,
  parseModelConfig,
  type LoraModule,
  type ModelConfig,
} from '../../domain/model/index.js';
import { fingerprintDirectory } from '../../infra/sources/index.js';
import { appOf, type RegisterCommand } from '../app.js';
import { CliError } from '../errors.js';

function registerDigest(model: Command): void {
  model
    .command('digest <directory>')
    .description('Print the revision that a run file pins (/baseModel/revision).')
    .addHelpText(
      'after',
      `
Example:
  custos model digest models/tiny/model`,
    )
    .action(async (directory: string, _options: unknown, command: Command) => {
      const files = await fingerprintDirectory(resolve(directory));
      const revision = digestJson(files);
      appOf(command).emit({ revision, files }, () => revision);
    });
}

function rank(text: string): number {
  const r = Number(text);
  if (Number.isInteger(r) && r >= 1 && r <= 1024) return r;
  throw new InvalidArgumentError('give a whole number from 1 to 1024.');
}

function modulesIn(text: string): readonly LoraModule[] {
  const names = text.split(',').map((name) => name.trim());
  const known = LORA_MODULES.filter((module) => names.includes(module));
  if (known.length === new Set(names).size) return known;
  throw new InvalidArgumentError(`give some of ${LORA_MODULES.join(',')}.`);
}

/** @throws CliError USAGE, ModelError CONFIG_INVALID */
async function configAt(path: string): Promise<ModelConfig> {
  const isFolder = (await stat(path).catch(() => undefined))?.isDirectory() === true;
  const file = isFolder ? join(path, 'config.json') : path;
  let json: unknown;
  try {
    json = JSON.parse(await readFile(file, 'utf8'));
  } catch (cause) {
    const what = `${file} cannot be read as JSON; name a model's config.json or its folder`;
    throw new CliError('USAGE', what, { cause });
  }
  return parseModelConfig(json);
}

interface ParamsOptions {
  readonly config: string;
  readonly r: number;
  readonly modules: readonly LoraModule[];
  readonly dora?: boolean;
}

function registerParams(model: Command): void {
  model
    .command('params')
    .description("Count what an adapter would train, from a model's config.json alone.")
    .requiredOption('--config <path>', "the model's config.json, or its folder")
    .option('--r <rank>', 'rank of the factors', rank, 16)
    .option('--modules <names>', 'linear modules, by commas', modulesIn, LORA_MODULES)
    .option('--dora', 'with a magnitude for every output row')
    .addHelpText(
      'after',
      `
Examples:
  custos model params --config models/tiny/model --r 16
  custos model params --config Mistral-7B-v0.1/config.json --modules q_proj,v_proj`,
    )
    .action(async ({ config, r, modules, dora = false }: ParamsOptions, command: Command) => {
      const count = countParameters(await configAt(resolve(config)), {
        r,
        targetModules: modules,
        dora,
      });
      appOf(command).emit(count, () => count.line);
    });
}

export const registerModel: RegisterCommand = (program) => {
  const model = program.command('model').description('Base models.');
  registerDigest(model);
  registerParams(model);
};
