import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Profile } from '../../domain/redact/index.js';

/** A model that comes with Custos. Another digest is another model, and redacts otherwise. */
export interface BuiltInModel {
  readonly folder: string;
  readonly digest: string;
}

const DIGESTS: Readonly<Record<Exclude<Profile, 'patterns'>, string>> = {
  fast: 'sha256:fedfcabded7cff4b83bec42d18c38ee0bb4fda3aa57fbff7ef2afcad0eee6ffa',
  thorough: 'sha256:613538e18c40392d1e4f16912eef03fd6e39c79b7eaaca18433e82a1bf37c855',
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
