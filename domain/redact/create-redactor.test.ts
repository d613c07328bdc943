import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openTagger } from '../../infra/redaction/index.js';
import { createRedactor, type Redactor } from './create-redactor.js';
import { ENTITY_TYPES } from './entity-types.js';
import type { EntityType, Profile, Span } from './types.js';

const taggers = {
  patterns: await openTagger('patterns'),
  fast: await openTagger('fast'),
  thorough: await openTagger('thorough'),
};
const MIN_SCORE = 0.35;
const make = (profile: Profile, entities: readonly EntityType[] = ENTITY_TYPES): Redactor => {
  const tagger = taggers[profile];
  return createRedactor({
    entities,
    minScore: MIN_SCORE,
    profile,
    ...(tagger === undefined ? {} : { tagger }),
  });
};
const [patterns, fast, thorough] = [make('patterns'), make('fast'), make('thorough')];

const redact = async (text: string, redactor: Redactor): Promise<string> =>
  redactor.apply(text, await redactor.find(text), () => 'placeholder');

describe.each([
  ['fast', fast],
  ['thorough', thorough],
] as const)('a redactor of profile %s', (_, redactor) => {
  it.each([
    ['Dr. Priya Raghunathan saw me.', 'Dr. [PERSON] saw me.'],
    ['“John Doe’s car”, he said.', '“[PERSON]’s car”, he said.'],
    [
      '{"name":"Jane Roe","phone":"+1 212 555 0187"}',
      '{"name":"[PERSON]","phone":"[PHONE_NUMBER]"}',
    ],
    ['Dear 张敏, thank you.', 'Dear [PERSON], thank you.'],
    ['👋🏽 jane@example.com 👋🏽', '👋🏽 [EMAIL_ADDRESS] 👋🏽'],
    [
      'I moved to 742 Evergreen Terrace, Springfield 97477.',
      'I moved to [STREET_ADDRESS], [LOCATION] [POSTAL_CODE].',
    ],
    ['We met Thijs van ’t Hof and Siti Nurhaliza bte Osman.', 'We met [PERSON] and [PERSON].'],
    ['Nothing to see here.', 'Nothing to see here.'],
    ['', ''],
  ])('%s', async (text, expected) => {
    expect(await redact(text, redactor)).toBe(expected);
  });

  it('takes a value in square brackets for no placeholder', async () => {
    const text = 'NINO [AB123456C] and code [GB82WEST12345698765432]';
    const redacted = 'NINO [[NATIONAL_ID]] and code [[IBAN_CODE]]';
    expect(await redact(text, redactor)).toBe(redacted);
  });

  it('finds nothing in placeholders', async () => {
    const text = 'Call [PERSON] on [PHONE_NUMBER_2] or write to [EMAIL_ADDRESS].';
    expect(await redactor.find(text)).toEqual([]);
  });

  it('finds a name again everywhere, and its parts', async () => {
    const text = 'My name is Ulrike Zorn. The desk told Zorn to wait; so Ulrike waited.';
    expect(await redact(text, redactor)).toBe(
      'My name is [PERSON]. The desk told [PERSON] to wait; so [PERSON] waited.',
    );
  });

  it('finds a name of one message in the other', async () => {
    const found = await redactor.findAll(['Regards,\nIkram', 'ok, ask Ikram']);
    expect(found[1]).toMatchObject([{ start: 8, end: 13, type: 'PERSON' }]);
  });
});

describe('createRedactor', () => {
  it('leaves names to the profiles with a model', async () => {
    const text = 'Yesterday Angela Merkel met jane@example.com in Berlin.';
    expect(await redact(text, thorough)).toBe(
      'Yesterday [PERSON] met [EMAIL_ADDRESS] in [LOCATION].',
    );
    expect(await redact(text, patterns)).toBe(
      'Yesterday Angela Merkel met [EMAIL_ADDRESS] in Berlin.',
    );
  });

  it('looks for the wanted types only', async () => {
    const text = 'Angela Merkel, jane@example.com, 555-123-4567';
    expect(await redact(text, make('fast', ['PHONE_NUMBER']))).toBe(
      'Angela Merkel, jane@example.com, [PHONE_NUMBER]',
    );
  });

  it('refuses a type that nothing finds, and names it', () => {
    const entities = ['FINGERPRINT' as EntityType];
    expect(() => make('patterns', entities)).toThrow(
      expect.objectContaining({
        code: 'ENTITY_UNKNOWN',
        message: expect.stringContaining('FINGERPRINT') as string,
      }),
    );
  });

  it('refuses to read names without a tagger', () => {
    const options = { entities: ENTITY_TYPES, minScore: MIN_SCORE, profile: 'fast' } as const;
    expect(() => createRedactor(options)).toThrow(
      expect.objectContaining({ code: 'TAGGER_MISSING' }),
    );
  });

  it('explains without the value', async () => {
    const text = 'My SSN is 123-45-6789, call 212-555-0187';
    const explained = JSON.stringify(
      (await patterns.find(text)).map(({ explanation, ...span }) => ({ ...span, ...explanation })),
    );
    expect(explained).toContain('"validator":"passed"');
    expect(explained).toContain('"ssn"');
    expect(explained).not.toMatch(/123-45|6789|0187/);
  });
});

/** Ordered, without overlap, within the text, between code points, never empty. */
function assertSound(text: string, spans: readonly Span[]): void {
  let from = 0;
  for (const { start, end, score } of spans) {
    expect(start).toBeGreaterThanOrEqual(from);
    expect(end).toBeGreaterThan(start);
    expect(end).toBeLessThanOrEqual(text.length);
    expect(score).toBeGreaterThanOrEqual(MIN_SCORE);
    expect(score).toBeLessThanOrEqual(1);
    for (const at of [start, end]) {
      const splits =
        /[\ud800-\udbff]/.test(text.charAt(at - 1)) && /[\udc00-\udfff]/.test(text.charAt(at));
      expect(splits).toBe(false);
    }
    from = end;
  }
}

describe('spans of any text', () => {
  const pieces = fc.constantFrom(
    'John Doe',
    "Merkel's",
    ' ',
    '\n',
    ', ',
    '“',
    '[PERSON]',
    'a@b.example',
    '+1 212 555 0187',
    '4111 1111 1111 1111',
    '𝄞',
    '👩‍👩‍👧',
    'é',
    '张敏',
    '\ud83d',
    'DOB: 1985-03-12',
    'password: x1y2',
    '::',
    '((((',
    '12',
    'Dr. ',
    'the',
  );
  const text = fc.oneof(
    fc.array(pieces, { maxLength: 12 }).map((parts) => parts.join('')),
    fc.string({ unit: 'binary', maxLength: 60 }),
  );

  it('are sound, and the text between them survives', async () => {
    await fc.assert(
      fc.asyncProperty(text, async (input) => {
        const spans = await fast.find(input);
        assertSound(input, spans);
        const kept = spans.map(({ end }, at) =>
          input.slice(end, spans[at + 1]?.start ?? input.length),
        );
        const expected =
          input.slice(0, spans[0]?.start ?? input.length) +
          spans.map(({ type }, at) => `[${type}]${kept[at] ?? ''}`).join('');
        expect(fast.apply(input, spans, () => 'placeholder')).toBe(expected);
      }),
    );
  });
});

describe('long hostile input', () => {
  // With a super-linear pattern any of these runs for minutes and the test times out.
  it.each([
    'a',
    '1',
    '1 ',
    '1-',
    'A',
    'a.',
    'a@',
    '@',
    '+',
    '(',
    '[',
    '-',
    '.',
    ':',
    '0:',
    'a ',
    'Aa ',
    '\n',
    ' ',
    "'",
    'Dear ',
    'name is ',
    'account 1',
    'password is ',
    'DE12',
    'eyJ',
    'http://',
    '-----BEGIN PRIVATE KEY-----',
    '12 Main ',
    '张',
  ])('200 KB of %j', async (unit) => {
    const input = unit.repeat(Math.ceil(200_000 / unit.length));
    assertSound(input, await patterns.find(input));
  });
});
