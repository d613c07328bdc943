import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LineCounter, parseDocument } from 'yaml';
import { parsePolicyText, resolvePolicy, type ParsedPolicy } from '../policies/index.js';
import {
  validateRunRequest,
  violationsOf,
  type Policy,
  type RunRequest,
} from '../schemas/index.js';
import { CliError } from './errors.js';

export interface LoadedRun {
  readonly request: RunRequest;
  readonly policy: Policy;
  /** Source name, or `model`, -> absolute path. */
  readonly locations: Readonly<Record<string, string>>;
}

async function readText(path: string, what: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new CliError('RUN_FILE_INVALID', `${what} ${path} cannot be read; check the path`, {
      cause,
    });
  }
}

/** The directory of the policy packs that come with Custos. */
export function packsDirectory(): string {
  return fileURLToPath(new URL('../policies/', import.meta.url));
}

async function readPacks(directory: string): Promise<Map<string, ParsedPolicy>> {
  const files = (await readdir(directory)).filter((file) => file.endsWith('.yaml'));
  const packs = new Map<string, ParsedPolicy>();
  for (const file of files) {
    const parsed = parsePolicyText(await readFile(join(directory, file), 'utf8'), file);
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
 * @throws PolicyError with file, line and pointer
 */
export async function loadPolicy(nameOrPath: string, base = process.cwd()): Promise<Policy> {
  const packs = await readPacks(packsDirectory());
  if (packs.has(nameOrPath)) return resolvePolicy(nameOrPath, [...packs.values()]);
  if (!/[./]/.test(nameOrPath)) {
    throw new CliError(
      'POLICY_INVALID',
      `there is no policy pack "${nameOrPath}"; packs are ${[...packs.keys()].sort().join(', ')}, or give a file`,
    );
  }
  const path = resolve(base, nameOrPath);
  const parsed = parsePolicyText(await readText(path, 'the policy file'), path);
  for (const [name, neighbour] of await readPacks(dirname(path))) packs.set(name, neighbour);
  packs.set(parsed.document.name, parsed);
  return resolvePolicy(parsed.document.name, [...packs.values()]);
}

function parseRunText(text: string, path: string): RunRequest {
  const counter = new LineCounter();
  const tree = parseDocument(text, { lineCounter: counter, uniqueKeys: true });
  const [broken] = tree.errors;
  if (broken !== undefined) {
    const line = String(counter.linePos(broken.pos[0]).line);
    throw new CliError('RUN_FILE_INVALID', `${path}:${line}: not readable YAML (${broken.code})`);
  }
  const value: unknown = tree.toJS({ maxAliasCount: 0 });
  if (validateRunRequest(value)) return value;
  const lines = violationsOf(validateRunRequest).map(({ pointer, expected }) => {
    const segments = pointer
      .split('/')
      .slice(1)
      .filter((part) => part !== '');
    const node: unknown = tree.getIn(segments, true);
    const range = (node as { range?: readonly number[] } | undefined)?.range;
    const line = range === undefined ? '' : `:${String(counter.linePos(range[0] ?? 0).line)}`;
    return `  ${path}${line}: ${pointer}: ${expected}`;
  });
  throw new CliError(
    'RUN_FILE_INVALID',
    `the run file does not match its schema:\n${lines.join('\n')}`,
  );
}

/** Reads a run file, its policy, and where its sources and model lie. */
export async function loadRun(path: string): Promise<LoadedRun> {
  const absolute = resolve(path);
  const request = parseRunText(await readText(absolute, 'the run file'), path);
  const base = dirname(absolute);
  const policy = await loadPolicy(request.policy, base);
  const locations: Record<string, string> = { model: resolve(base, request.baseModel.path) };
  for (const source of request.dataset.sources) {
    if (source.name in locations) {
      throw new CliError(
        'RUN_FILE_INVALID',
        `${path}: two sources are named "${source.name}", or one "model"`,
      );
    }
    locations[source.name] = resolve(base, source.path);
  }
  return { request, policy, locations };
}
