import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sha256, type Digest } from '../lineage/digest.js';
import type { LedgerProof, Signer, TrustedKey } from '../lineage/ports.js';
import {
  extendChain,
  genesisHash,
  saltedLeaf,
  signCheckpoint,
  verifyCheckpoint,
  verifyLedgerProof,
} from './ledger-chain.js';

const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const signer: Signer = {
  keyId: 'ledger',
  publicKey: publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
  sign: (message) => Promise.resolve(sign(null, message, privateKey)),
};
const keys: readonly TrustedKey[] = [
  { keyId: 'ledger', publicKey: signer.publicKey, owner: 'ledger', use: 'ledger', demo: false },
];

async function proofOf(leaves: readonly Digest[], index: number): Promise<LedgerProof> {
  const before = leaves.slice(0, index).reduce(extendChain, genesisHash('log'));
  const [leaf = '', ...after] = leaves.slice(index);
  const root = [leaf, ...after].reduce(extendChain, before);
  const checkpoint = await signCheckpoint(signer, { logId: 'log', size: leaves.length, root });
  return { index, leaf, before, after, checkpoint };
}

describe('hashes', () => {
  const bytes = (hex: string) => Buffer.from(hex.slice(7), 'hex');

  test('are those that the documentation defines', () => {
    const [h, leaf] = [sha256('h'), sha256('leaf')];
    const chained = createHash('sha256').update('custos-ledger-v1').update(bytes(h));
    expect(extendChain(h, leaf)).toBe(`sha256:${chained.update(bytes(leaf)).digest('hex')}`);
    expect(genesisHash('log')).toBe(sha256('custos-ledger-genesis-v1log'));
    const salt = Buffer.alloc(32, 7);
    expect(saltedLeaf(salt, leaf)).toBe(sha256(Buffer.concat([salt, bytes(leaf)])));
  });

  // Computed apart, with Python's hashlib: these values must never change.
  test('keep their values', () => {
    const genesis = genesisHash('log');
    expect(genesis).toBe('sha256:fc9c3c8e3de204e1f91e0a12b38177e2dbad55eb7194d18856064d453d6159a2');
    expect(extendChain(genesis, sha256('a'))).toBe(
      'sha256:63af5611fe67a228724129f7d19d9e3a8dea15d8431c35ac51b3ae06ad11992b',
    );
  });

  test.each([0, 31, 33])('refuse a salt of %i bytes', (length) => {
    expect(() => saltedLeaf(Buffer.alloc(length), sha256('a'))).toThrow(TypeError);
  });
});

const log = fc
  .array(fc.string().map(sha256), { minLength: 1, maxLength: 12 })
  .chain((leaves) =>
    fc.record({ leaves: fc.constant(leaves), index: fc.nat({ max: leaves.length - 1 }) }),
  );

describe('proofs', () => {
  test('of any leaf of any log verify and show every later leaf', async () => {
    await fc.assert(
      fc.asyncProperty(log, async ({ leaves, index }) => {
        const segment = verifyLedgerProof(await proofOf(leaves, index), keys);
        for (const [at, leaf] of leaves.entries()) {
          expect(segment.leafAt(at)).toBe(at < index ? undefined : leaf);
        }
        expect(segment.rootAt(leaves.length)).toBe(segment.checkpoint.root);
      }),
      { numRuns: 50 },
    );
  });

  // longer than any leaf that is drawn, so that a change never gives the proof it came from
  const foreign = sha256('stands in no log that is drawn here');
  const changes: readonly (readonly [string, (proof: LedgerProof) => LedgerProof])[] = [
    ['another leaf', (proof) => ({ ...proof, leaf: foreign })],
    ['another hash before', (proof) => ({ ...proof, before: foreign })],
    ['another index', (proof) => ({ ...proof, index: proof.index + 1 })],
    ['a leaf more', (proof) => ({ ...proof, after: [...proof.after, foreign] })],
    ['a leaf inserted', (proof) => ({ ...proof, after: [foreign, ...proof.after] })],
    ['another size', (proof) => withCheckpoint(proof, { size: proof.checkpoint.size + 1 })],
    ['another root', (proof) => withCheckpoint(proof, { root: foreign })],
    ['another log', (proof) => withCheckpoint(proof, { logId: 'other' })],
    ['another key', (proof) => withCheckpoint(proof, { keyId: 'other' })],
  ];

  test.each(changes)('with %s are refused', async (_, change) => {
    await fc.assert(
      fc.asyncProperty(log, async ({ leaves, index }) => {
        const proof = await proofOf(leaves, index);
        expect(() => verifyLedgerProof(change(proof), keys)).toThrow(
          expect.objectContaining({ name: 'LineageError' }) as Error,
        );
      }),
      { numRuns: 20 },
    );
  });

  test('of a log that does not start at its genesis are refused', async () => {
    const [before, leaf] = [sha256('elsewhere'), sha256('a')];
    const root = extendChain(before, leaf);
    const checkpoint = await signCheckpoint(signer, { logId: 'log', size: 1, root });
    const proof = { index: 0, leaf, before, after: [], checkpoint };
    const refusal = expect.objectContaining({ code: 'LEDGER_BROKEN' }) as Error;
    expect(() => verifyLedgerProof(proof, keys)).toThrow(refusal);
  });

  test('a checkpoint needs a ledger key', async () => {
    const { checkpoint } = await proofOf([sha256('a')], 0);
    expect(() => {
      verifyCheckpoint(checkpoint, keys);
    }).not.toThrow();
    const workers = keys.map((key) => ({ ...key, use: 'worker' as const }));
    expect(() => {
      verifyCheckpoint(checkpoint, workers);
    }).toThrow('not as a ledger key');
  });
});

function withCheckpoint(
  proof: LedgerProof,
  change: Partial<LedgerProof['checkpoint']>,
): LedgerProof {
  return { ...proof, checkpoint: { ...proof.checkpoint, ...change } };
}
