#!/usr/bin/env node
import { EXIT } from './exit-codes.js';
import { describeMissingRuntime } from './missing-runtime.js';

// Loaded late, so that a package that cannot be loaded is a message and not a stack trace.
try {
  const { runProgram } = await import('./program.js');
  await runProgram();
} catch (error) {
  const missing = describeMissingRuntime(error);
  if (missing === undefined) throw error;
  process.stderr.write(`custos: ${missing} [RUNTIME_MISSING]\n`);
  process.exitCode = EXIT.unavailable;
}
