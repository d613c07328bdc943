import { LineageError } from '../../domain/lineage/index.js';

/**
 * Runs an operation of the store; what it throws becomes the ledger's own error, so that a step
 * whose entry cannot be written fails as such and is retried.
 * @throws LineageError LEDGER_UNAVAILABLE, or LEDGER_BROKEN when the store says that bytes changed
 */
export async function atStore<T>(what: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (cause) {
    if (cause instanceof LineageError) throw cause;
    const corrupt = cause instanceof Error && 'code' in cause && cause.code === 'STORE_CORRUPT';
    throw new LineageError(
      corrupt ? 'LEDGER_BROKEN' : 'LEDGER_UNAVAILABLE',
      corrupt
        ? `the store cannot ${what}: the bytes are not those that were written`
        : `the ledger cannot ${what}; nothing may happen without its entry, so this will be tried again`,
      { cause },
    );
  }
}
