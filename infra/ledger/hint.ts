import { verifyCheckpoint } from '../../domain/evidence/index.js';
import type { TrustedKey } from '../../domain/lineage/index.js';
import type { HeadHint } from './sequencer.js';

/** The hint lies where anybody with the data bucket can write: it counts only if it is signed. */
export function isSigned(hint: HeadHint, logId: string, keys: readonly TrustedKey[]): boolean {
  try {
    verifyCheckpoint(hint.checkpoint, keys);
    return hint.checkpoint.logId === logId && Number.isSafeInteger(hint.block) && hint.block >= 0;
  } catch {
    return false;
  }
}
