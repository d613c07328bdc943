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
