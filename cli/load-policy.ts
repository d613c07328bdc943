import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ENTITY_TYPES } from '../domain/redact/index.js';
import {
  parsePolicyText,
  policyChain,
  resolvePolicy,
  type ParsedPolicy,
} from '../policies/index.js';
import type { Policy } from '../schemas/index.js';
import { CliError } from './errors.js';
import { readText } from './read-text.js';

/** A pack as it was written, its parents, and what they make together. */
export interface LoadedPolicy {
  /** The pack and its parents, nearest first. */
  readonly chain: readonly ParsedPolicy[];
  readonly policy: Policy;
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

/** The packs that come with Custos, as written, by name. */
export async function listPacks(): Promise<readonly ParsedPolicy['document'][]> {
  const packs = [...(await readPacks(packsDirectory())).values()].map(({ document }) => document);
  return packs.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/**
 * A policy from the name of a pack or the path of a file, which may extend packs and files beside
 * it.
 * @param namedAt the place that names it, for errors
 * @throws PolicyError with file, line and pointer; CliError POLICY_INVALID when there is none
 */
export async function loadPack(
  nameOrPath: string,
  base = process.cwd(),
  namedAt = '',
): Promise<LoadedPolicy> {
  const where = namedAt === '' ? '' : `${namedAt}: `;
  const packs = await readPacks(packsDirectory());
  if (packs.has(nameOrPath)) return loaded(nameOrPath, packs);
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
  return loaded(parsed.document.name, packs);
}

/** The complete policy of loadPack. */
export async function loadPolicy(
  nameOrPath: string,
  base = process.cwd(),
  namedAt = '',
): Promise<Policy> {
  return (await loadPack(nameOrPath, base, namedAt)).policy;
}

function loaded(name: string, packs: ReadonlyMap<string, ParsedPolicy>): LoadedPolicy {
  const documents = [...packs.values()];
  return {
    chain: policyChain(name, documents),
    policy: resolvePolicy(name, documents, ENTITY_TYPES),
  };
}
