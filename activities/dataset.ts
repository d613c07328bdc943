import { randomBytes } from 'node:crypto';
import type { StepOutput } from '../domain/lineage/index.js';
import type { DatasetSecrets, Executor, StepContext } from './context.js';

/** The only artifact whose salt is its own: it holds the salt of every other. */
export type PutSelfSalted = (bytes: Uint8Array, salt: Uint8Array) => ReturnType<StepContext['put']>;

/** Draws a dataset's key and salt, once for the life of (project, dataset). */
export function createDataset(putSelfSalted: (context: StepContext) => PutSelfSalted): Executor {
  return async (context): Promise<StepOutput> => {
    const secrets: DatasetSecrets = {
      recordKey: randomBytes(32).toString('base64'),
      salt: randomBytes(32).toString('base64'),
    };
    const bytes = Buffer.from(JSON.stringify(secrets), 'utf8');
    return { outputs: { dataset: await putSelfSalted(context)(bytes, randomBytes(32)) } };
  };
}

/** Draws 32 bytes of secret randomness for a purpose over given inputs; sealed, never redrawn. */
export const draw: Executor = async (context) => ({
  outputs: {
    secret: await context.put(randomBytes(32), 'vault', 'application/vnd.custos.secret'),
  },
});
