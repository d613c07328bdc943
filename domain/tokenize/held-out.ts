import { createHash } from 'node:crypto';

/**
 * Whether a record is held out of training: by a hash of its id alone, so that it stays on its
 * side in every run, whatever else is in the dataset.
 * @param share expected share of records held out, 0 to 1
 */
export function isHeldOut(recordId: string, share: number): boolean {
  const hash = createHash('sha256').update(`custos.held-out.v1\n${recordId}`).digest();
  return hash.readUIntBE(0, 6) / 2 ** 48 < share;
}
