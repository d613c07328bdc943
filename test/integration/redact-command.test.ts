import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EXIT } from '../../cli/exit-codes.js';
import { custos } from '../support/cli.js';

const POLICY = `schema: custos.policy.v1
name: mine
extends: default
redact:
  profile: patterns
  entities:
    US_SSN: mask
    PHONE_NUMBER: pseudonym
    EMAIL_ADDRESS: {action: numbered, scope: dataset}
`;
const LINES = Array.from(
  { length: 3000 },
  (_, at) =>
    `Ticket ${String(at)}: write to user${String(at % 50)}@example.com, SSN 123-45-${String(1000 + at)}.`,
);
const INPUT = `${LINES.join('\n')}\n`;

let folder = '';
const place = (name: string): string => join(folder, name);
const redact = (args: readonly string[], input = INPUT) =>
  custos(['redact', '--policy', place('policy.yaml'), '--key', place('key'), ...args], {
    dataDir: place('data'),
    input,
  });
const unredact = (args: readonly string[], input: string) =>
  custos(['unredact', '--vault', place('vault'), ...args], { dataDir: place('data'), input });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'custos-redact-'));
  await writeFile(place('policy.yaml'), POLICY);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('custos redact', () => {
  it('writes the same with one thread as with three, and with the same key again', async () => {
    const one = await redact([]);
    const three = await redact(['--threads', '3']);
    expect(one.status, one.stderr).toBe(EXIT.ok);
    expect(three.status, three.stderr).toBe(EXIT.ok);
    expect(three.stdout).toBe(one.stdout);
    expect(one.stdout).not.toMatch(/user\d|123-45/);
    expect(new Set(one.stdout.match(/\[EMAIL_ADDRESS_\w+\]/g)).size).toBe(50);
    expect((await stat(place('key'))).mode & 0o777).toBe(0o600);
  });

  it("takes the profile that is asked for in place of the policy's", async () => {
    const text = 'Ask Heather Kowalczyk about SSN 123-45-6789.\n';
    const patterns = await redact([], text);
    expect(patterns.stdout, patterns.stderr).toBe('Ask Heather Kowalczyk about SSN ***-**-6789.\n');
    const fast = await redact(['--profile', 'fast'], text);
    expect(fast.stdout, fast.stderr).toBe('Ask [PERSON] about SSN ***-**-6789.\n');
  });

  it('restores its input from the vault, and refuses what does not belong together', async () => {
    const vault = ['--vault', place('vault'), '--vault-key', place('vault-key')];
    const { status, stderr } = await redact([...vault, '--threads', '2', '--out', place('out')]);
    expect(status, stderr).toBe(EXIT.ok);
    const out = await readFile(place('out'), 'utf8');
    const restored = await unredact(['--vault-key', place('vault-key')], out);
    expect(restored.status, restored.stderr).toBe(EXIT.ok);
    expect(restored.stdout).toBe(INPUT);

    const wrong = await unredact(['--vault-key', place('key')], out);
    expect(wrong.status).toBe(EXIT.unverified);
    expect(wrong.stderr).toContain('another key');
    expect(wrong.stdout).toBe('');

    const late = `${out.slice(0, -3)}x${out.slice(-2)}`;
    const args = ['--vault-key', place('vault-key'), '--out', place('restored')];
    const changed = await unredact(args, late);
    expect(changed.status).toBe(EXIT.unverified);
    expect(await readdir(folder)).not.toContain('restored');
  });

  it.each([
    [['--format', 'jsonl', '--threads', '2'], '{"text":"a"}\n{"text"', 'line 2, byte 20: not JSON'],
    [['--vault', 'x'], 'text\n', 'a vault needs both --vault and --vault-key'],
    [['--threads', '0'], 'text\n', 'a number from 1 to 64'],
  ])('refuses %j and leaves no file', async (args, input, says) => {
    const { status, stderr } = await redact([...args, '--out', place('half')], input);
    expect(status).toBe(EXIT.invalid);
    expect(stderr).toContain(says);
    expect((await readdir(folder)).filter((name) => name.startsWith('half'))).toEqual([]);
  });
});
