import { createHash } from 'node:crypto';
import { canonicalBytes, hexOf, sha256, type Digest } from '../lineage/digest.js';
import { LineageError } from '../lineage/errors.js';
import type { LedgerCheckpoint, LedgerProof, Signer, TrustedKey } from '../lineage/ports.js';
import { signatureHolds, trustedKey } from './keys.js';

// The two prefixes differ before either ends, so no genesis input is also a chain input.
const CHAIN_PREFIX = 'custos-ledger-v1';
const GENESIS_PREFIX = 'custos-ledger-genesis-v1';

const rawBytes = (digest: Digest): Buffer => Buffer.from(hexOf(digest), 'hex');

/**
 * A leaf commits to an envelope without letting anybody confirm a guess of it:
 * SHA-256(salt || d), where d is the 32-byte SHA-256 of the envelope's canonical JSON.
 * @param salt 32 random bytes, kept beside the envelope
 */
export function saltedLeaf(salt: Uint8Array, envelopeDigest: Digest): Digest {
  if (salt.length !== 32) throw new TypeError('the salt of a leaf is 32 bytes');
  return sha256(Buffer.concat([salt, rawBytes(envelopeDigest)]));
}

/** The chain hash of an empty log: SHA-256("custos-ledger-genesis-v1" || UTF-8 of the log's id). */
export function genesisHash(logId: string): Digest {
  return sha256(GENESIS_PREFIX + logId);
}

/**
 * The chain hash after one more leaf: SHA-256("custos-ledger-v1" || h || leaf), where h (the chain
 * hash before) and leaf are 32 raw bytes each and the prefix is 16 ASCII bytes.
 */
export function extendChain(before: Digest, leaf: Digest): Digest {
  const hash = createHash('sha256').update(CHAIN_PREFIX);
  return `sha256:${hash.update(rawBytes(before)).update(rawBytes(leaf)).digest('hex')}`;
}

type UnsignedCheckpoint = Omit<LedgerCheckpoint, 'signature'>;

function checkpointMessage({ logId, size, root, keyId }: UnsignedCheckpoint): Uint8Array {
  return canonicalBytes({ logId, size, root, keyId });
}

/** Signs the state of a log: its id, its number of leaves and the chain hash after the last. */
export async function signCheckpoint(
  signer: Signer,
  state: Pick<LedgerCheckpoint, 'logId' | 'size' | 'root'>,
): Promise<LedgerCheckpoint> {
  const unsigned = { logId: state.logId, size: state.size, root: state.root, keyId: signer.keyId };
  const signature = await signer.sign(checkpointMessage(unsigned));
  return { ...unsigned, signature: Buffer.from(signature).toString('base64') };
}

/** @throws LineageError SIGNATURE_INVALID unless a trusted ledger key signed it */
export function verifyCheckpoint(checkpoint: LedgerCheckpoint, keys: readonly TrustedKey[]): void {
  const key = trustedKey(keys, checkpoint.keyId, 'ledger');
  if (signatureHolds(key, checkpointMessage(checkpoint), checkpoint.signature)) return;
  throw new LineageError(
    'SIGNATURE_INVALID',
    `the checkpoint of size ${checkpoint.size} is not signed by ${checkpoint.keyId}`,
  );
}

/** A verified stretch of the log, from the proven leaf to the checkpoint. */
export interface VerifiedSegment {
  readonly logId: string;
  readonly checkpoint: LedgerCheckpoint;
  /** Undefined outside the segment. */
  leafAt(index: number): Digest | undefined;
  /** The chain hash of a log of that many leaves; undefined outside the segment. */
  rootAt(size: number): Digest | undefined;
}

/**
 * Verifies that a leaf stands at its index in the log that the checkpoint signs. A chain's proof
 * carries every later leaf, so it proves those as well: see the returned segment.
 * @throws LineageError SIGNATURE_INVALID, LEDGER_BROKEN
 */
export function verifyLedgerProof(
  proof: LedgerProof,
  keys: readonly TrustedKey[],
): VerifiedSegment {
  const { index, before, checkpoint } = proof;
  verifyCheckpoint(checkpoint, keys);
  const leaves = [proof.leaf, ...proof.after];
  const roots: Digest[] = [before];
  for (const leaf of leaves) roots.push(extendChain(roots.at(-1) ?? before, leaf));
  const starts = index > 0 || before === genesisHash(checkpoint.logId);
  const ends = index + leaves.length === checkpoint.size && roots.at(-1) === checkpoint.root;
  if (!starts || !ends) {
    throw new LineageError(
      'LEDGER_BROKEN',
      `the leaves from ${index} on do not lead to the checkpoint of size ${checkpoint.size}`,
    );
  }
  return {
    logId: checkpoint.logId,
    checkpoint,
    leafAt: (at) => leaves[at - index],
    rootAt: (size) => roots[size - index],
  };
}
