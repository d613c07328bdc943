import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Profile } from '../../domain/redact/index.js';

/** A model that comes with Custos. Another digest is another model, and redacts otherwise. */
export interface BuiltInModel {
  readonly folder: string;
  readonly digest: string;
}

const DIGESTS: Readonly<Record<Exclude<Profile, 'patterns'>, string>> = {
  fast: 'sha256:b0d05c8956a6e17a0c3f74215ca8b5a7104f0f2384818a05496c0b4d0165272f',
  thorough: 'sha256:f06acdfc479c0a251b9d15b469f5967fec644bc76588ea52b63829f8ab7e7f1b',
};

/** The models' directory: beside the sources, and one level up from dist. */
function modelsDirectory(): string {
  const candidates = ['../../models/redactor/', '../../../models/redactor/'];
  const paths = candidates.map((up) => fileURLToPath(new URL(up, import.meta.url)));
  return paths.find((path) => existsSync(path)) ?? paths[0] ?? '';
}

/** The model of a profile; undefined where it needs none. */
export function builtInModel(profile: Profile): BuiltInModel | undefined {
  if (profile === 'patterns') return undefined;
  return { folder: `${modelsDirectory()}${profile}`, digest: DIGESTS[profile] };
}
