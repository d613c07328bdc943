import { cp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import byteLevel from '../../domain/tokenize/fixtures/byte-level.json' with { type: 'json' };
import { digestJson } from '../../domain/lineage/index.js';
import { fingerprintDirectory } from '../../infra/sources/index.js';
import { writeTinyModel } from '../fixtures/model/tiny-model.js';
import { custos, type CliResult } from './cli.js';
import { newFolder, runText, writeFiles, type Files } from './error-inputs.js';

export const PASSPHRASE = 'seven quiet herons at dusk';

/** A base model that an assessment takes: two tiny layers and a byte-level tokenizer. */
export async function writeModel(directory: string): Promise<void> {
  await writeTinyModel(directory);
  const { tokenizer, config } = byteLevel;
  await writeFile(join(directory, 'tokenizer.json'), JSON.stringify(tokenizer));
  await writeFile(join(directory, 'tokenizer_config.json'), JSON.stringify(config));
}

async function revisionOf(directory: string): Promise<string> {
  return digestJson(await fingerprintDirectory(directory));
}

/** Runs the command line against one installation and keeps all that it ever said. */
export interface CommandLine {
  (...args: readonly string[]): Promise<CliResult>;
  readonly said: () => string;
}

export function commandLineOf(dataDir: string): CommandLine {
  const said: string[] = [];
  const run = async (...args: readonly string[]): Promise<CliResult> => {
    const result = await custos(args, { dataDir, env: { CUSTOS_PASSPHRASE: PASSPHRASE } });
    said.push(result.output);
    return result;
  };
  return Object.assign(run, { said: () => said.join('\n') });
}

export interface RunFolder {
  readonly folder: string;
  readonly file: string;
}

/** A folder with a run file, its rows and a copy of the model, pinned after `spoil` changed it. */
export async function runFolder(
  model: string,
  files: Files,
  change: Readonly<Record<string, string>> = {},
  spoil?: (modelDirectory: string) => Promise<void>,
): Promise<RunFolder> {
  const folder = await newFolder();
  const copy = join(folder, 'model');
  await cp(model, copy, { recursive: true });
  await spoil?.(copy);
  const revision = change['revision'] ?? (await revisionOf(copy));
  await writeFiles(folder, { 'run.yaml': runText({ ...change, revision }), ...files });
  return { folder, file: join(folder, 'run.yaml') };
}
