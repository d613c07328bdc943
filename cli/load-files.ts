import { stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { compileSource, RecordError } from '../domain/record/index.js';
import type { Policy, RunRequest } from '../schemas/index.js';
import { CliError } from './errors.js';
import { loadPolicy } from './load-policy.js';
import { readText } from './read-text.js';
import { parseRunText, type ParsedRun } from './run-text.js';

export interface LoadedRun {
  readonly request: RunRequest;
  readonly policy: Policy;
  /** Source name, or `model`, -> absolute path. */
  readonly locations: Readonly<Record<string, string>>;
}

type Locations = Readonly<Record<string, string>>;

function invalid(place: string, problem: string): CliError {
  return new CliError('RUN_FILE_INVALID', `${place}: ${problem}`);
}

/** Where each source and the model lie, by name. */
function locate({ request, placeOf }: ParsedRun, base: string): Locations {
  const locations: Record<string, string> = { model: resolve(base, request.baseModel.path) };
  for (const [index, source] of request.dataset.sources.entries()) {
    if (source.name in locations) {
      const place = placeOf(`/dataset/sources/${String(index)}/name`);
      const taken = source.name === 'model' ? 'a source cannot be' : 'two sources are';
      throw invalid(place, `${taken} named "${source.name}"; give each a name of its own`);
    }
    locations[source.name] = resolve(base, source.path);
  }
  return locations;
}

function checkMapping({ request, placeOf }: ParsedRun): void {
  for (const [index, source] of request.dataset.sources.entries()) {
    try {
      compileSource(source);
    } catch (error) {
      if (!(error instanceof RecordError)) throw error;
      throw invalid(placeOf(`/dataset/sources/${String(index)}`), error.message);
    }
  }
}

/** A missing file is found before anything is signed and started. */
async function checkFiles({ request, placeOf }: ParsedRun, locations: Locations): Promise<void> {
  const isThere = async (path: string, kind: 'file' | 'directory'): Promise<boolean> => {
    const found = await stat(path).catch(() => undefined);
    return (kind === 'file' ? found?.isFile() : found?.isDirectory()) ?? false;
  };
  for (const [index, { name }] of request.dataset.sources.entries()) {
    const path = locations[name] ?? '';
    if (await isThere(path, 'file')) continue;
    const place = placeOf(`/dataset/sources/${String(index)}/path`);
    throw invalid(place, `there is no file ${path}; paths are relative to the run file`);
  }
  const model = locations['model'] ?? '';
  if (await isThere(model, 'directory')) return;
  throw invalid(
    placeOf('/baseModel/path'),
    `there is no directory ${model}; give a Hugging Face model directory, relative to the run file`,
  );
}

/**
 * Reads a run file, its policy, and where its sources and model lie.
 * @throws CliError RUN_FILE_INVALID, POLICY_INVALID, PolicyError; each names file, line and pointer
 */
export async function loadRun(path: string): Promise<LoadedRun> {
  const absolute = resolve(path);
  const text = await readText(absolute, 'the run file', 'RUN_FILE_INVALID');
  const parsed = parseRunText(text, path);
  const { request } = parsed;
  const base = dirname(absolute);
  const policy = await loadPolicy(request.policy, base, parsed.placeOf('/policy'));
  checkMapping(parsed);
  const locations = locate(parsed, base);
  await checkFiles(parsed, locations);
  return { request, policy, locations };
}
