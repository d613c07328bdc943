import { randomBytes } from 'node:crypto';
import type { ArtifactStore } from '../domain/lineage/index.js';
import type { DatasetSecrets, Executor } from './context.js';

/** Draws a dataset's key and salt, once for the life of (project, dataset). */
export function createDataset(artifacts: ArtifactStore): Executor {
  return async (context) => {
    const secrets: DatasetSecrets = {
      recordKey: randomBytes(32).toString('base64'),
      salt: randomBytes(32).toString('base64'),
    };
    // The only artifact with a salt of its own: it holds the salt of every other.
    const dataset = await artifacts.put(Buffer.from(JSON.stringify(secrets), 'utf8'), {
      class: 'vault',
      mediaType: 'application/vnd.custos.dataset-secrets+json',
      project: context.project,
      salt: randomBytes(32),
    });
    return { outputs: { dataset } };
  };
}

/** Draws 32 bytes of secret randomness for a purpose over given inputs; sealed, never redrawn. */
export const draw: Executor = async (context) => ({
  outputs: {
    secret: await context.put(randomBytes(32), 'vault', 'application/vnd.custos.secret'),
  },
});
