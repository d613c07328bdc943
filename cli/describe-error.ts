import { ServiceError, WorkflowNotFoundError } from '@temporalio/client';
import { CliError } from './errors.js';
import { isKnownCode } from './exit-codes.js';
import { describeMissingRuntime } from './missing-runtime.js';
import { RunFailedError } from './run-outcome.js';
import { noSuchRun } from './run-standing.js';

export interface Described {
  readonly code: string;
  readonly message: string;
}

const NO_SERVER = 'the Temporal server does not answer; run "custos status", then "custos up"';

function systemFault(error: NodeJS.ErrnoException): string {
  const where = error.path === undefined ? '' : ` ${error.path}`;
  return `${String(error.code)} at ${String(error.syscall)}${where}; check the path, its permissions and the disk`;
}

/** Where an unexpected error was thrown; its own words may quote what it choked on. */
function internalFault(error: Error): string {
  const frame = error.stack?.split('\n').find((line) => line.trimStart().startsWith('at '));
  return `unexpected ${error.name}${frame === undefined ? '' : ` ${frame.trim()}`}; this is a defect of Custos: report it with this line`;
}

/**
 * The code and words of an error for a person. Words of ours pass; a library's are replaced,
 * because they may quote a record.
 */
export function describeError(error: unknown): Described {
  if (!(error instanceof Error)) return { code: 'INTERNAL', message: 'unexpected failure' };
  if (error instanceof RunFailedError) return { code: error.code, message: error.message };
  if (error instanceof WorkflowNotFoundError) {
    const { code, message } = noSuchRun(error.workflowId);
    return { code, message };
  }
  if (error instanceof ServiceError) return { code: 'NOT_RUNNING', message: NO_SERVER };
  const missing = describeMissingRuntime(error);
  if (missing !== undefined) return { code: 'RUNTIME_MISSING', message: missing };
  // Without a code of its own an error is a library's, whatever it says.
  const code = 'code' in error ? String(error.code) : undefined;
  if (code === undefined) return { code: 'INTERNAL', message: internalFault(error) };
  if (error instanceof CliError || isKnownCode(code)) return { code, message: error.message };
  if ('syscall' in error) return { code, message: systemFault(error as NodeJS.ErrnoException) };
  return { code: 'INTERNAL', message: internalFault(error) };
}
