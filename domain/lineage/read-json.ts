import type { ArtifactRef } from '../../schemas/index.js';
import { parseJson } from '../evidence/index.js';
import type { ArtifactStore } from './ports.js';

/** The JSON value of an artifact. @throws LineageError EVIDENCE_INVALID when it is not JSON */
export async function readJson(
  artifacts: Pick<ArtifactStore, 'get'>,
  ref: ArtifactRef,
  project: string,
): Promise<unknown> {
  return parseJson(await artifacts.get(ref, project), `artifact ${ref.digest}`);
}

const RECENT = 8;
const recent = new WeakMap<object, Map<string, Promise<unknown>>>();

/**
 * As {@link readJson}, for what many steps of a worker read one after the other, such as a run's
 * policy. The value is shared: nobody changes it.
 */
export function readRecentJson(
  artifacts: Pick<ArtifactStore, 'get'>,
  ref: ArtifactRef,
  project: string,
): Promise<unknown> {
  const known = recent.get(artifacts) ?? new Map<string, Promise<unknown>>();
  recent.set(artifacts, known);
  const key = `${project}\0${ref.class}\0${ref.digest}`;
  const present = known.get(key);
  if (present !== undefined) return present;
  const value = readJson(artifacts, ref, project);
  known.set(key, value);
  value.catch(() => known.delete(key));
  for (const oldest of known.keys()) {
    if (known.size <= RECENT) break;
    known.delete(oldest);
  }
  return value;
}
