import { stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { compileSource, locationsOf, RecordError, sourceLocation } from '../domain/record/index.js';
import { isS3 } from '../infra/sources/index.js';
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
    const { path, corrections } = source;
    const location = {
      path: isS3(path) ? path : resolve(base, path),
      ...(corrections === undefined ? {} : { corrections: resolve(base, corrections) }),
    };
    Object.assign(locations, locationsOf(source.name, location));
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

async function kindOf(path: string): Promise<'file' | 'directory' | undefined> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isFile() === true) return 'file';
  return found?.isDirectory() === true ? 'directory' : undefined;
}

/** A file or folder that is there, or what only the worker can look for: a glob, a bucket. */
async function isSource(path: string): Promise<boolean> {
  return isS3(path) || /[*?[{(]/.test(path) || (await kindOf(path)) !== undefined;
}

/** A missing file is found before anything is signed and started. */
async function checkFiles({ request, placeOf }: ParsedRun, locations: Locations): Promise<void> {
  const { sources } = request.dataset;
  for (const [index, { name }] of sources.entries()) {
    const { path, corrections } = sourceLocation(name, locations);
    for (const [member, found] of Object.entries({ path, corrections })) {
      if (found === undefined || (await isSource(found))) continue;
      const place = placeOf(`/dataset/sources/${String(index)}/${member}`);
      throw invalid(place, `there is no file ${found}; paths are relative to the run file`);
    }
  }
  const model = locations['model'] ?? '';
  if ((await kindOf(model)) === 'directory') return;
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
