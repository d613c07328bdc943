import { startBackend } from '../../infra/compute/backend.js';
import { ComputeError } from '../../infra/compute/errors.js';

/**
 * Why tests on a GPU are skipped here: there is no device. Undefined where there is one, software or
 * not. Any other failure is the test's, and so is that of a driver that was named.
 */
async function findMissing(): Promise<string | undefined> {
  try {
    await startBackend('webgpu', 1);
    return undefined;
  } catch (error) {
    const named = process.env['VK_ICD_FILENAMES'] !== undefined;
    if (!named && error instanceof ComputeError && error.message.includes('found no device')) {
      return 'skipped: no WebGPU device here';
    }
    throw error;
  }
}

export const missingWebgpu = await findMissing();

/** "webgpu" where it can be tested. */
export const TESTED_WEBGPU = missingWebgpu === undefined ? (['webgpu'] as const) : [];
