import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compileSource, RecordError } from '../domain/record/index.js';
import { ENTITY_TYPES } from '../domain/redact/index.js';
import { parsePolicyText, resolvePolicy, type ParsedPolicy } from '../policies/index.js';
import type { Policy, RunRequest } from '../schemas/index.js';
import { CliError } from './errors.js';
import { parseRunText, type ParsedRun } from './run-text.js';

export interface LoadedRun {
  readonly request: RunRequest;
  readonly policy: Policy;
  /** Source name, or `model`, -> absolute path. */
  readonly locations: Readonly<Record<string, string>>;
}

async function readText(
  path: string,
  what: string,
  code: 'RUN_FILE_INVALID' | 'POLICY_INVALID',
): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new CliError(code, `${what} ${path} cannot be read; check the path`, { cause });
  }
}

/** The directory of the policy packs that come with Custos. */
function packsDirectory(): string {
  return fileURLToPath(new URL('../policies/', import.meta.url));
}

const IS_POLICY = /^\s*["']?schema["']?\s*:\s*["']?custos\.policy\.v1\b/m;

/** The policies of a directory by name; other YAML files, the run file for one, may lie there too. */
async function readPacks(directory: string): Promise<Map<string, ParsedPolicy>> {
  const files = (await readdir(directory)).filter((file) => file.endsWith('.yaml'));
  const packs = new Map<string, ParsedPolicy>();
  for (const file of files) {
    const text = await readFile(join(directory, file), 'utf8');
    if (!IS_POLICY.test(text)) continue;
    const parsed = parsePolicyText(text, join(directory, file));
    packs.set(parsed.document.name, parsed);
  }
  return packs;
}

/** Names of the packs that come with Custos. */
export async function listPacks(): Promise<readonly string[]> {
  return [...(await readPacks(packsDirectory())).keys()].sort();
}

/**
 * A complete policy from the name of a pack or the path of a file, which may extend packs and
 * files beside it.
 * @param namedAt the place that names it, for errors
 * @throws PolicyError with file, line and pointer; CliError POLICY_INVALID when there is none
 */
export async function loadPolicy(
  nameOrPath: string,
  base = process.cwd(),
  namedAt = '',
): Promise<Policy> {
  const where = namedAt === '' ? '' : `${namedAt}: `;
  const packs = await readPacks(packsDirectory());
  if (packs.has(nameOrPath)) return resolvePolicy(nameOrPath, [...packs.values()], ENTITY_TYPES);
  if (!/[./]/.test(nameOrPath)) {
    throw new CliError(
      'POLICY_INVALID',
      `${where}there is no policy pack "${nameOrPath}"; packs are ${[...packs.keys()].sort().join(', ')}, or give a file`,
    );
  }
  const path = resolve(base, nameOrPath);
  const text = await readText(path, `${where}the policy file`, 'POLICY_INVALID');
  const parsed = parsePolicyText(text, path);
  for (const [name, neighbour] of await readPacks(dirname(path))) packs.set(name, neighbour);
  packs.set(parsed.document.name, parsed);
  return resolvePolicy(parsed.document.name, [...packs.values()], ENTITY_TYPES);
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
