import { codeOf, StoreError, type StoreErrorCode, type StorePlace } from './errors.js';

const FAULTS: Readonly<Record<string, readonly [StoreErrorCode, string]>> = {
  ENOSPC: ['STORE_FULL', 'The disk is full; free some space'],
  EDQUOT: ['STORE_FULL', 'The disk quota is used up; free some space'],
  EACCES: ['STORE_DENIED', 'No permission in the folder of the store; check its owner and mode'],
  EPERM: ['STORE_DENIED', 'No permission in the folder of the store; check its owner and mode'],
  EROFS: ['STORE_DENIED', 'The file system of the store is read-only'],
  ENOTDIR: ['STORE_CONFLICT', 'A part of the key is an object already'],
  EEXIST: ['STORE_CONFLICT', 'A part of the key is an object already'],
  EISDIR: ['STORE_CONFLICT', 'The key is a folder of other objects'],
};

/** Turns a fault of the file system into a StoreError at `place`. */
export async function guardFiles<T>(place: StorePlace, body: () => Promise<T>): Promise<T> {
  try {
    return await body();
  } catch (error) {
    if (error instanceof StoreError) throw error;
    const reason = codeOf(error);
    if (reason === undefined) throw error;
    const [code, message] = FAULTS[reason] ?? [
      'STORE_UNAVAILABLE',
      `The file system of the store failed with ${reason}`,
    ];
    throw new StoreError(code, message, place, { cause: error });
  }
}
