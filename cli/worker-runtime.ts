import { createRequire } from 'node:module';
import { CliError } from './errors.js';
import { describeMissingRuntime } from './missing-runtime.js';

/**
 * Loads the native part of the Temporal worker, so that a start fails here with the package's name
 * and not a minute later with the worker's log.
 * @throws CliError RUNTIME_MISSING
 */
export function requireWorkerRuntime(): void {
  try {
    const worker = createRequire(import.meta.url).resolve('@temporalio/worker');
    createRequire(worker)('@temporalio/core-bridge');
  } catch (cause) {
    const missing =
      describeMissingRuntime(cause) ??
      `@temporalio/core-bridge cannot be loaded on ${process.platform}-${process.arch} with Node ${process.versions.node}; run "npm ci" and then "custos doctor"`;
    throw new CliError('RUNTIME_MISSING', `the worker cannot start: ${missing}`, { cause });
  }
}
