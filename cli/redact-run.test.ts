import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openRedactPool, type RedactPool } from '../infra/redaction/index.js';
import { csvRow, type RedactFormatName } from './redact-input.js';
import { openFileSink } from './redact-output.js';
import { createProgress } from './redact-progress.js';
import { redactAll } from './redact-run.js';
import { openVaultWriter, restoreText } from './redact-vault.js';

const KEY = new Uint8Array(32).fill(3);
const policy = {
  profile: 'patterns',
  entities: {
    EMAIL_ADDRESS: 'placeholder',
    US_SSN: 'mask',
    PHONE_NUMBER: 'pseudonym',
    CREDIT_CARD: 'drop-record',
    IP_ADDRESS: 'keep',
  },
  minScore: 0.35,
  reviewBelow: 0.6,
} as const;

let folder = '';
let pool: RedactPool;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'custos-redact-'));
  pool = await openRedactPool({ policy, key: KEY, threads: 1 });
});
afterAll(async () => {
  await pool.close();
  await rm(folder, { recursive: true, force: true });
});

async function* bytesOf(text: string | Buffer): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += 1000) {
    yield await Promise.resolve(bytes.subarray(at, at + 1000));
  }
}

const place = (name: string): string => join(folder, name);

async function redactFile(
  input: string | Buffer,
  format: RedactFormatName,
  options: { readonly spans?: boolean } = {},
): Promise<{ readonly out: string; readonly report: string }> {
  const out = await openFileSink(place('out'));
  const report = await openFileSink(place('report'));
  const vault = await openVaultWriter(place('vault'), KEY);
  const progress = createProgress(false, () => 0);
  await redactAll(bytesOf(input), {
    ...{ out, report, vault, pool, progress, threads: 1 },
    options: { format, offsets: 'codepoint', json: false, ...options },
  });
  for (const sink of [vault, report, out]) await sink.commit();
  return {
    out: await readFile(place('out'), 'utf8'),
    report: await readFile(place('report'), 'utf8'),
  };
}

async function restore(text: string, key = KEY): Promise<string> {
  let restored = '';
  for await (const piece of restoreText(bytesOf(text), place('vault'), key)) restored += piece;
  return restored;
}

const PARTS = fc.constantFrom(
  'jane.roe@example.com',
  'SSN 123-45-6789',
  'call +1 212-867-5309',
  'card 4111 1111 1111 1111',
  'from 203.0.113.7',
  'Grüße 👋🏽',
  '"quoted", and\\more',
  '{"id": 2128675309, "mail": "j\\u00e9@example.com"}',
  'nothing here',
);
const texts = fc.array(PARTS, { maxLength: 5 }).map((parts) => parts.join(' '));

const INPUTS: Readonly<Record<RedactFormatName, fc.Arbitrary<string>>> = {
  text: fc.array(texts, { maxLength: 20 }).map((lines) => lines.join('\n')),
  jsonl: fc
    .array(fc.tuple(texts, fc.constantFrom('\n', '\n\n', '\r\n'), fc.boolean()))
    .map((rows) =>
      rows
        .map(([text, end, more]) => JSON.stringify(more ? { more, text } : { text }) + end)
        .join(''),
    ),
  csv: fc
    .array(fc.tuple(texts, texts), { minLength: 1, maxLength: 6 })
    .map((rows) => `a,b\n${rows.map((cells) => csvRow(cells)).join('\n')}\n`),
};

describe('redacting a stream', () => {
  it.each(['text', 'jsonl', 'csv'] as const)(
    'as %s, the vault restores it exactly',
    async (format) => {
      await fc.assert(
        fc.asyncProperty(INPUTS[format], fc.boolean(), async (input, spans) => {
          const { out } = await redactFile(input, format, { spans });
          expect(out).not.toMatch(/jane\.roe|123-45|4111/);
          expect(await restore(out)).toBe(input);
        }),
        { numRuns: 40 },
      );
    },
  );

  it('writes what the policy says, and no value into the report', async () => {
    const { out, report } = await redactFile(
      '{"text":"👋 a@example.com 123-45-6789"}\n{"text":"4111 1111 1111 1111"}\n',
      'jsonl',
      { spans: true },
    );
    const [first, second] = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);
    expect(first).toMatchObject({
      text: '👋 [EMAIL_ADDRESS] ***-**-6789',
      spans: [
        { start: 2, end: 15, type: 'EMAIL_ADDRESS' },
        { start: 16, end: 27 },
      ],
    });
    expect(second).toMatchObject({ text: null, spans: [{ type: 'CREDIT_CARD' }] });
    expect(report.trim().split('\n')).toHaveLength(3);
    expect(report).not.toMatch(/example\.com|6789|4111/);
  });

  it('keeps Markdown and code what they are', async () => {
    const text = [
      '| who | mail |',
      '| --- | --- |',
      '| 1 | [mail](mailto:a@example.com) |',
      '',
      '```ts',
      "const owner = 'b@example.com'; // 123-45-6789",
      '```',
      '<a href="mailto:c@example.com">x</a> **d@example.com**',
      '',
    ].join('\n');
    const { out } = await redactFile(text, 'text');
    expect(out).toBe(
      text
        .replace(/\b[abcd]@example\.com/g, '[EMAIL_ADDRESS]')
        .replace('123-45-6789', '***-**-6789'),
    );
  });

  it.each([
    ['another key', async (out: string) => restore(out, new Uint8Array(32)), 'VAULT_KEY_WRONG'],
    ['a changed text', async (out: string) => restore(out.replace('[E', '[F')), 'VAULT_MISMATCH'],
    ['a shorter text', async (out: string) => restore(out.slice(0, -1)), 'VAULT_MISMATCH'],
    ['a longer text', async (out: string) => restore(`${out} `), 'VAULT_MISMATCH'],
    [
      'a changed vault',
      async (out: string) => {
        const vault = await readFile(place('vault'));
        vault[vault.length - 20] = (vault[vault.length - 20] ?? 0) ^ 4;
        await writeFile(place('vault'), vault);
        return restore(out);
      },
      'VAULT_ALTERED',
    ],
  ] as const)('does not restore with %s', async (_, attempt, code) => {
    const { out } = await redactFile('mail a@example.com\n', 'text');
    await expect(attempt(out)).rejects.toMatchObject({ code });
  });

  it('leaves nothing under the final name when the input breaks', async () => {
    await rm(place('out'), { force: true });
    const input = Buffer.concat([Buffer.from('a@example.com\n'.repeat(2000)), Buffer.of(0xff)]);
    await expect(redactFile(input, 'text')).rejects.toMatchObject({ code: 'USAGE' });
    expect(await readdir(folder)).not.toContain('out');
  });
});
