import type { DsseEnvelope } from '../../schemas/index.js';
import { LineageError } from '../lineage/errors.js';
import type { Signer, TrustedKey } from '../lineage/ports.js';
import { signatureHolds, trustedKey } from './keys.js';
import { decodeBase64 } from './strict-encoding.js';

/** A DSSE envelope (https://github.com/secure-systems-lab/dsse/blob/master/envelope.md). */
export type Envelope = DsseEnvelope;

export const STATEMENT_PAYLOAD_TYPE = 'application/vnd.in-toto+json';
export const RESULT_PAYLOAD_TYPE = 'application/vnd.custos.step-result+json';

/** What a verifier expects of an envelope. */
export interface Expectation {
  readonly payloadType: string;
  readonly use: TrustedKey['use'];
}

export interface OpenedEnvelope<K extends TrustedKey> {
  readonly payload: Buffer;
  /** The keys that signed, in the envelope's order. */
  readonly keys: readonly K[];
}

/**
 * The pre-authentication encoding: `DSSEv1 SP len(type) SP type SP len(body) SP body`, lengths in
 * bytes and decimal. https://github.com/secure-systems-lab/dsse/blob/master/protocol.md
 */
export function preAuthEncoding(payloadType: string, payload: Uint8Array): Buffer {
  const type = Buffer.from(payloadType, 'utf8');
  return Buffer.concat([
    Buffer.from(`DSSEv1 ${type.length} `),
    type,
    Buffer.from(` ${payload.length} `),
    payload,
  ]);
}

/** Signs `payload` with one key. */
export async function signEnvelope(
  signer: Signer,
  payloadType: Envelope['payloadType'],
  payload: Uint8Array,
): Promise<Envelope> {
  const signature = await signer.sign(preAuthEncoding(payloadType, payload));
  return {
    payload: Buffer.from(payload).toString('base64'),
    payloadType,
    signatures: [{ keyid: signer.keyId, sig: Buffer.from(signature).toString('base64') }],
  };
}

/**
 * Verifies every signature of an envelope; one that is unknown or wrong refuses the whole, since
 * an envelope of ours never carries a signature that its reader need not understand.
 * @throws LineageError SIGNATURE_INVALID
 */
export function openEnvelope<K extends TrustedKey>(
  envelope: Envelope,
  keys: readonly K[],
  expected: Expectation,
): OpenedEnvelope<K> {
  if (envelope.payloadType !== expected.payloadType) {
    throw new LineageError(
      'SIGNATURE_INVALID',
      `the envelope does not hold ${expected.payloadType}`,
    );
  }
  const payload = decodeBase64(envelope.payload, 'the payload');
  const message = preAuthEncoding(envelope.payloadType, payload);
  const signers = envelope.signatures.map(({ keyid, sig }) => {
    const key = trustedKey(keys, keyid, expected.use);
    if (signatureHolds(key, message, sig)) return key;
    throw new LineageError('SIGNATURE_INVALID', `the signature by ${keyid} does not verify`);
  });
  if (signers.length === 0) {
    throw new LineageError('SIGNATURE_INVALID', 'the envelope carries no signature');
  }
  return { payload, keys: signers };
}

/** The verified payload of an envelope. @throws LineageError SIGNATURE_INVALID */
export function verifyEnvelope(
  envelope: Envelope,
  keys: readonly TrustedKey[],
  expected: Expectation,
): Buffer {
  return openEnvelope(envelope, keys, expected).payload;
}
