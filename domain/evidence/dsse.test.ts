import { createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Signer, TrustedKey } from '../lineage/ports.js';
import {
  openEnvelope,
  preAuthEncoding,
  signEnvelope,
  STATEMENT_PAYLOAD_TYPE,
  verifyEnvelope,
  type Envelope,
} from './dsse.js';
import { parseKeyring } from './keys.js';

function makeKey(keyId: string): { signer: Signer; key: TrustedKey } {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const spki = publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
  const signer = {
    keyId,
    publicKey: spki,
    sign: (message: Uint8Array) => Promise.resolve(sign(null, message, privateKey)),
  };
  return { signer, key: { keyId, publicKey: spki, owner: keyId, use: 'worker', demo: false } };
}

const { signer, key } = makeKey('first');
const second = makeKey('second');
const expected = { payloadType: STATEMENT_PAYLOAD_TYPE, use: 'worker' } as const;
const payload = Buffer.from('{"a":1}');

describe('pre-authentication encoding', () => {
  // Test vector of https://github.com/secure-systems-lab/dsse/blob/master/protocol.md
  const vector = {
    payload: 'hello world',
    type: 'http://example.com/HelloWorld',
    encoding: 'DSSEv1 29 http://example.com/HelloWorld 11 hello world',
    // ECDSA over NIST P-256 and SHA-256, IEEE P1363 form.
    signature:
      'A3JqsQGtVsJ2O2xqrI5IcnXip5GToJ3F+FnZ+O88SjtR6rDAajabZKciJTfUiHqJPcIAriEGAHTVeCUjW2JIZA==',
    x: '46950820868899156662930047687818585632848591499744589407958293238635476079160',
    y: '5640078356564379163099075877009565129882514886557779369047442380624545832820',
  };

  test('is that of the specification', () => {
    const encoded = preAuthEncoding(vector.type, Buffer.from(vector.payload));
    expect(encoded.toString()).toBe(vector.encoding);
  });

  test("verifies the specification's signature", () => {
    const coordinate = (decimal: string) =>
      Buffer.from(BigInt(decimal).toString(16).padStart(64, '0'), 'hex').toString('base64url');
    const jwk = { kty: 'EC', crv: 'P-256', x: coordinate(vector.x), y: coordinate(vector.y) };
    const publicKey = createPublicKey({ key: jwk, format: 'jwk' });
    const message = preAuthEncoding(vector.type, Buffer.from(vector.payload));
    const signature = Buffer.from(vector.signature, 'base64');
    expect(
      verify('sha256', message, { key: publicKey, dsaEncoding: 'ieee-p1363' }, signature),
    ).toBe(true);
  });

  test('counts bytes, and no two inputs share an encoding', () => {
    expect(preAuthEncoding('é', Buffer.from('ü')).toString()).toBe('DSSEv1 2 é 2 ü');
    const input = fc.tuple(fc.string(), fc.string());
    fc.assert(
      fc.property(input, input, ([type, body], [otherType, otherBody]) => {
        fc.pre(type !== otherType || body !== otherBody);
        const first = preAuthEncoding(type, Buffer.from(body));
        expect(first.equals(preAuthEncoding(otherType, Buffer.from(otherBody)))).toBe(false);
      }),
    );
  });
});

describe('keyrings', () => {
  const bytes = (value: unknown) => Buffer.from(JSON.stringify(value, null, 2));

  test('are read with their keys', () => {
    const ring = { schema: 'custos.keyring.v1', keys: [key] };
    expect(parseKeyring(bytes(ring), 'keys.json')).toEqual([key]);
  });

  test.each([
    ['no JSON', Buffer.from('{"secret')],
    ['no keys', bytes({ schema: 'custos.keyring.v1', keys: [] })],
    ['a key for any use', bytes({ schema: 'custos.keyring.v1', keys: [{ ...key, use: 'any' }] })],
  ])('with %s are refused without being quoted', (_, ring) => {
    expect(() => parseKeyring(ring, 'keys.json')).toThrow(/^keys\.json [^{]*$/s);
  });
});

describe('envelopes', () => {
  test('give back the payload that was signed', async () => {
    const body = fc.uint8Array({ maxLength: 200 });
    await fc.assert(
      fc.asyncProperty(body, async (bytes) => {
        const envelope = await signEnvelope(signer, STATEMENT_PAYLOAD_TYPE, bytes);
        expect(verifyEnvelope(envelope, [key], expected).equals(bytes)).toBe(true);
      }),
      { numRuns: 30 },
    );
  });

  const stray = (text: string) => `${text.slice(0, 4)}\n${text.slice(4)}`;
  const cases: readonly (readonly [string, (envelope: Envelope) => Envelope])[] = [
    ['another payload', (e) => ({ ...e, payload: Buffer.from('{"a":2}').toString('base64') })],
    ['a stray character in the payload', (e) => ({ ...e, payload: stray(e.payload) })],
    ['another type', (e) => ({ ...e, payloadType: 'application/vnd.custos.step-result+json' })],
    ['no signature', (e) => ({ ...e, signatures: [] })],
    ['an unknown key', (e) => withSignature(e, { keyid: 'nobody' })],
    ['the key of somebody else', (e) => withSignature(e, { keyid: 'second' })],
    ['an empty signature', (e) => withSignature(e, { sig: '' })],
    ['a stray character in the signature', (e) => withSignature(e, { sig: stray(sigOf(e)) })],
    [
      'a second signature that does not verify',
      (e) => ({ ...e, signatures: [...e.signatures, { keyid: 'second', sig: sigOf(e) }] }),
    ],
  ];

  test.each(cases)('with %s are refused', async (_, change) => {
    const envelope = change(await signEnvelope(signer, STATEMENT_PAYLOAD_TYPE, payload));
    expect(() => verifyEnvelope(envelope, [key, second.key], expected)).toThrow(
      expect.objectContaining({ name: 'LineageError' }) as Error,
    );
  });

  test.each([
    ['for another use', { ...key, use: 'person' }],
    ['that is not a key', { ...key, publicKey: 'AAAA' }],
    ['of another kind', { ...key, publicKey: rsaKey() }],
  ] satisfies [string, TrustedKey][])('do not verify under a key %s', async (_, trusted) => {
    const envelope = await signEnvelope(signer, STATEMENT_PAYLOAD_TYPE, payload);
    const refusal = expect.objectContaining({ code: 'SIGNATURE_INVALID' }) as Error;
    expect(() => openEnvelope(envelope, [trusted], expected)).toThrow(refusal);
  });
});

function withSignature(
  envelope: Envelope,
  change: Partial<Envelope['signatures'][number]>,
): Envelope {
  return { ...envelope, signatures: envelope.signatures.map((one) => ({ ...one, ...change })) };
}

function sigOf({ signatures }: Envelope): string {
  return signatures[0]?.sig ?? '';
}

function rsaKey(): string {
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
}
