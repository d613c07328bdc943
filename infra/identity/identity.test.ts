import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  parseStatement,
  reviewStatement,
  signStatement,
  STATEMENT_PAYLOAD_TYPE,
  verifyEnvelope,
} from '../../domain/evidence/index.js';
import { sha256 } from '../../domain/lineage/index.js';
import {
  createIdentity,
  DEMO_PEOPLE,
  ensureDemoIdentities,
  trustedKeys,
  unlockDemoIdentity,
  unlockIdentity,
} from './index.js';

const PASSPHRASE = 'correct horse battery';
let dir: string;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'custos-identity-'));
  await createIdentity(dir, { subject: 'rea', roles: ['reviewer'], passphrase: PASSPHRASE });
});
afterAll(() => rm(dir, { recursive: true }));

const expectation = { payloadType: STATEMENT_PAYLOAD_TYPE, use: 'person' } as const;

describe('a local identity', () => {
  test('unlocks to an actor who has just authenticated', async () => {
    const before = Date.now();
    const { actor, trustedKey } = await unlockIdentity(dir, 'rea', PASSPHRASE);
    expect(actor).toMatchObject({ issuer: 'local', subject: 'rea', method: 'passphrase' });
    expect(Date.parse(actor.authTime)).toBeGreaterThanOrEqual(before);
    expect(trustedKey).toMatchObject({ owner: 'rea', use: 'person', demo: false });
  });

  test('signs a review statement that its public key verifies', async () => {
    const { actor, signer } = await unlockIdentity(dir, 'rea', PASSPHRASE);
    const statement = reviewStatement({
      runId: 'run-1',
      batchRoot: sha256('batch'),
      policyDigest: sha256('policy'),
      decisionsDigest: sha256('decisions'),
      shownDigest: sha256('shown'),
      verdict: 'approved',
      meaning: 'I have seen every record of this batch and approve its use.',
      actor,
      signedAt: new Date().toISOString(),
    });
    const envelope = await signStatement(signer, statement);
    const payload = verifyEnvelope(envelope, await trustedKeys(dir), expectation);
    expect(parseStatement(payload, 'review')).toEqual(statement);
    const changed = Buffer.from(payload.toString().replace('approved', 'refused'));
    const forged = { ...envelope, payload: changed.toString('base64') };
    const keys = await trustedKeys(dir);
    expect(() => verifyEnvelope(forged, keys, expectation)).toThrow('does not verify');
  });

  test('a record lost in a crash comes back from the key, which is never replaced', async () => {
    const record = await readFile(join(dir, 'rea.identity.json'), 'utf8');
    await rm(join(dir, 'rea.identity.json'));
    const again = createIdentity(dir, {
      subject: 'rea',
      roles: ['auditor'],
      passphrase: PASSPHRASE,
    });
    await expect(again).rejects.toMatchObject({ code: 'IDENTITY_EXISTS' });
    expect(await readFile(join(dir, 'rea.identity.json'), 'utf8')).toBe(record);
  });

  test('keeps its private key unreadable to others and out of the public record', async () => {
    expect((await stat(join(dir, 'rea.key.json'))).mode & 0o777).toBe(0o600);
    const record = await readFile(join(dir, 'rea.identity.json'), 'utf8');
    expect(record).not.toContain('ciphertext');
  });

  test.each([
    ['a wrong passphrase', 'rea', 'wrong horse battery', 'PASSPHRASE_WRONG'],
    ['nobody', 'nobody', PASSPHRASE, 'IDENTITY_UNKNOWN'],
    ['a path', '../rea', PASSPHRASE, 'IDENTITY_INVALID'],
  ])('refuses %s', async (_, subject, passphrase, code) => {
    await expect(unlockIdentity(dir, subject, passphrase)).rejects.toMatchObject({ code });
  });

  test.each([
    ['a taken name', { subject: 'rea', passphrase: PASSPHRASE }, 'IDENTITY_EXISTS'],
    ['a short passphrase', { subject: 'kim', passphrase: 'short' }, 'IDENTITY_INVALID'],
    ['a name that is a path', { subject: 'a/b', passphrase: PASSPHRASE }, 'IDENTITY_INVALID'],
  ])('is not created with %s', async (_, wanted, code) => {
    const created = createIdentity(dir, { ...wanted, roles: ['reviewer'] });
    await expect(created).rejects.toMatchObject({ code });
  });
});

describe('files that were changed', () => {
  async function copyWith(change: (text: string) => string, file: string): Promise<string> {
    const copy = await mkdtemp(join(tmpdir(), 'custos-identity-'));
    for (const name of ['rea.identity.json', 'rea.key.json']) {
      const text = await readFile(join(dir, name), 'utf8');
      await writeFile(join(copy, name), name === file ? change(text) : text, { mode: 0o600 });
    }
    return copy;
  }

  test.each([
    ['a role added', '"roles":["reviewer"]', '"roles":["releaser","reviewer"]'],
    ['the demo mark set', '"demo":false', '"demo":true'],
    ['another owner', '"subject":"rea"', '"subject":"kim"'],
    ['no JSON', '{', ''],
  ])('a public record with %s is refused', async (_, from, to) => {
    const copy = await copyWith((text) => text.replace(from, to), 'rea.identity.json');
    const corrupt = { code: 'IDENTITY_CORRUPT' };
    await expect(trustedKeys(copy)).rejects.toMatchObject(corrupt);
    await expect(unlockIdentity(copy, 'rea', PASSPHRASE)).rejects.toMatchObject(corrupt);
    await rm(copy, { recursive: true });
  });

  test('a key under cheaper parameters does not open', async () => {
    const copy = await copyWith((text) => text.replace('"log2N":17', '"log2N":14'), 'rea.key.json');
    const refusal = { code: 'PASSPHRASE_WRONG' };
    await expect(unlockIdentity(copy, 'rea', PASSPHRASE)).rejects.toMatchObject(refusal);
    await rm(copy, { recursive: true });
  });

  test('a key that others may read does not open', async () => {
    const copy = await copyWith((text) => text, 'rea.key.json');
    await chmod(join(copy, 'rea.key.json'), 0o644);
    const refusal = { code: 'IDENTITY_CORRUPT' };
    await expect(unlockIdentity(copy, 'rea', PASSPHRASE)).rejects.toMatchObject(refusal);
    await rm(copy, { recursive: true });
  });
});

describe('demo identities', () => {
  test('are made once, unlock by themselves and are marked for ever', async () => {
    const demo = join(dir, 'demo');
    await ensureDemoIdentities(demo);
    const first = await trustedKeys(demo);
    await ensureDemoIdentities(demo);
    expect(await trustedKeys(demo)).toEqual(first);
    expect(first.map(({ owner }) => owner)).toEqual(DEMO_PEOPLE.map(({ subject }) => subject));
    expect(first.every((key) => key.demo)).toBe(true);
    const { actor } = await unlockDemoIdentity(demo, 'demo-reviewer');
    expect(actor).toMatchObject({ method: 'demo', roles: ['reviewer'] });
  });

  test('an ordinary identity has no stored passphrase', async () => {
    const refusal = { code: 'IDENTITY_UNKNOWN' };
    await expect(unlockDemoIdentity(dir, 'rea')).rejects.toMatchObject(refusal);
  });
});
