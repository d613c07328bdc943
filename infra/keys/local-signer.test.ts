import { createHash, createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openLocalSigner, trustedKeyOf } from './index.js';

describe('local signer', () => {
  let dir: string;
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'custos-signers-'));
  });
  afterEach(() => rm(dir, { recursive: true, force: true }));

  test('signs so that its public key verifies, and is named by that key', async () => {
    const signer = await openLocalSigner(dir, 'worker-1', 'worker');
    const spki = Buffer.from(signer.publicKey, 'base64');
    expect(signer.keyId).toBe(createHash('sha256').update(spki).digest('hex').slice(0, 16));
    const message = Buffer.from('a statement');
    const signature = await signer.sign(message);
    const key = createPublicKey({ key: spki, format: 'der', type: 'spki' });
    expect(verify(null, message, key, signature)).toBe(true);
    expect(verify(null, Buffer.from('another'), key, signature)).toBe(false);
    expect(trustedKeyOf(signer, { owner: 'worker-1', use: 'worker', demo: true })).toEqual({
      keyId: signer.keyId,
      publicKey: signer.publicKey,
      owner: 'worker-1',
      use: 'worker',
      demo: true,
    });
  });

  test('is one key for all first callers and after a restart, another for another use', async () => {
    const first = await Promise.all(
      Array.from({ length: 8 }, () => openLocalSigner(dir, 'worker-1', 'worker')),
    );
    const later = await openLocalSigner(dir, 'worker-1', 'worker');
    const ledger = await openLocalSigner(dir, 'worker-1', 'ledger');
    expect(new Set([...first, later].map(({ keyId }) => keyId)).size).toBe(1);
    expect(ledger.keyId).not.toBe(later.keyId);
    expect((await stat(join(dir, 'worker-1.worker.pem'))).mode & 0o777).toBe(0o600);
  });

  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  const harms: readonly (readonly [string, (path: string) => Promise<void>])[] = [
    ['is not PEM', (path) => writeFile(path, 'no key')],
    [
      'holds another kind of key',
      (path) => writeFile(path, rsa.export({ type: 'pkcs8', format: 'pem' })),
    ],
    ['can be read by others', (path) => chmod(path, 0o640)],
  ];
  test.each(harms)('refuses a file that %s, and does not quote it', async (_name, harm) => {
    const path = join(dir, 'worker-1.worker.pem');
    await openLocalSigner(dir, 'worker-1', 'worker');
    await harm(path);
    const error = await openLocalSigner(dir, 'worker-1', 'worker').catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toMatchObject({ code: 'KEY_UNAVAILABLE' });
    const text = await readFile(path, 'utf8');
    expect(String(error)).not.toContain(text.slice(0, 20));
  });

  test.each(['', '../up', 'A', 'a/b'])('refuses the name %j', async (name) => {
    await expect(openLocalSigner(dir, name, 'worker')).rejects.toMatchObject({
      code: 'KEY_UNAVAILABLE',
    });
  });
});
