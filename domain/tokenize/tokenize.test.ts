import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { validateTokenizeReport, type TrainingRecord } from '../../schemas/index.js';
import { compileChatTemplate } from './chat-template.js';
import { encodeSegments } from './encode-segments.js';
// Made by scripts/fixtures/tokenizer-fixtures.py with Hugging Face's own libraries.
import byteLevelBos from './fixtures/byte-level-bos.json' with { type: 'json' };
import byteLevel from './fixtures/byte-level.json' with { type: 'json' };
import metaspace from './fixtures/metaspace.json' with { type: 'json' };
import {
  decodeTokenShard,
  encodePrompt,
  encodeTokenShard,
  isHeldOut,
  loadTokenizer,
  mergeTokenReports,
  tokenizeShard,
  type Message,
  type TokenizeOptions,
} from './index.js';

const FIXTURES = { 'byte-level': byteLevel, 'byte-level-bos': byteLevelBos, metaspace };
const all = Object.entries(FIXTURES);
const load = ({ tokenizer, config }: (typeof FIXTURES)[keyof typeof FIXTURES]) =>
  loadTokenizer({ tokenizer, config });

const idOf = (name: string | number) =>
  `00000000:${createHash('sha256').update(String(name)).digest('hex')}`;

const ALPACA: TokenizeOptions = {
  maxLength: 512,
  template: 'alpaca',
  lossOn: 'response',
  heldOutShare: 0.1,
};

function recordOf(...contents: string[]): TrainingRecord {
  const messages = contents.map((content, index) => ({
    role: index % 2 === 0 ? ('user' as const) : ('assistant' as const),
    content,
  }));
  return { id: idOf(contents.join()), messages };
}

const maskedText = (
  ids: ArrayLike<number>,
  mask: ArrayLike<number>,
  decode: (ids: number[]) => string,
) => decode(Array.from(ids).filter((_, index) => mask[index] === 1));

describe.each(all)('%s', (name, fixture) => {
  const tokenizer = load(fixture);

  it('gives the ids of the Hugging Face library', () => {
    for (const { text, ids } of fixture.texts) expect(tokenizer.encode(text)).toEqual(ids);
  });

  it('knows whether the model starts with a BOS token', () => {
    expect(tokenizer.addsBos).toBe(name !== 'byte-level');
  });

  it('renders and encodes conversations as transformers does', () => {
    for (const { messages, expected } of fixture.conversations) {
      const record = { id: idOf(1), messages: messages as Message[] };
      const { sequences, dropped } = tokenizeShard([record], tokenizer, {
        ...ALPACA,
        template: 'chat',
      });
      expect(sequences.map(({ ids }) => [...ids])).toEqual(expected === null ? [] : [expected.ids]);
      expect(dropped.map(({ reason }) => reason)).toEqual(
        expected === null ? ['template-refused'] : [],
      );
    }
  });

  it.each(['alpaca', 'chat'] as const)(
    '%s: one BOS at most, EOS learned, prompt a prefix',
    (template) => {
      const record = recordOf('Summarize the ticket.', 'The customer asked for a refund.');
      const { sequences } = tokenizeShard([record], tokenizer, { ...ALPACA, template });
      const [sequence] = sequences;
      const ids = [...(sequence?.ids ?? [])];
      const wanted = tokenizer.bosId === undefined ? 0 : 1;
      expect(ids.filter((id) => id === tokenizer.bosId)).toHaveLength(wanted);
      expect(ids.indexOf(tokenizer.bosId ?? -1)).toBe(wanted - 1);
      const learned = maskedText(ids, sequence?.lossMask ?? [], tokenizer.decode);
      const eos = tokenizer.namedTokens['eos_token'] ?? '';
      expect(learned.trim()).toBe(`The customer asked for a refund.${eos}`);
      const prompt = encodePrompt(record.messages.slice(0, 1), tokenizer, template);
      expect(ids.slice(0, prompt.length)).toEqual(prompt);
      expect([...(sequence?.lossMask ?? [])].indexOf(1)).toBe(prompt.length);
    },
  );

  it('masks every answer of a longer conversation and nothing else', () => {
    const record = recordOf('One', 'The refund', 'Two', 'The invoice');
    const [sequence] = tokenizeShard([record], tokenizer, {
      ...ALPACA,
      template: 'chat',
    }).sequences;
    const learned = maskedText(sequence?.ids ?? [], sequence?.lossMask ?? [], tokenizer.decode);
    const eos = tokenizer.namedTokens['eos_token'] ?? '';
    const words = learned.replaceAll(/\s+/g, ' ').trim().split(eos);
    expect(words.map((part) => part.trim())).toEqual(['The refund', 'The invoice', '']);
  });
});

describe('tokenizeShard', () => {
  const tokenizer = load(byteLevel);
  const run = (record: TrainingRecord, change: Partial<TokenizeOptions> = {}) =>
    tokenizeShard([record], tokenizer, { ...ALPACA, ...change });

  it('writes the Alpaca form', () => {
    const [sequence] = run(recordOf('Do X', 'Done')).sequences;
    const text = tokenizer.decode([...(sequence?.ids ?? [])]);
    expect(text).toBe('### Instruction:\nDo X\n\n### Response:\nDone<|end|>');
  });

  it('decodes nothing to nothing', () => {
    expect(tokenizer.decode([])).toBe('');
  });

  it('puts a system message before the instruction', () => {
    const messages: Message[] = [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'Do X' },
      { role: 'assistant', content: 'Done' },
    ];
    const [sequence] = run({ id: idOf(1), messages }).sequences;
    const text = tokenizer.decode([...(sequence?.ids ?? [])]);
    expect(text).toMatch(/^Be brief\.\n\n### Instruction:\nDo X\n/);
  });

  it('cuts at the limit and counts it', () => {
    const long = 'The customer asked for a refund. '.repeat(20);
    const { sequences, report } = run(recordOf('Do X', long), { maxLength: 64 });
    expect(sequences[0]?.ids).toHaveLength(64);
    expect(report.truncated).toBe(1);
  });

  it.each([
    ['response-truncated', recordOf('word '.repeat(200), 'Done')],
    ['no-response', recordOf('only a question')],
    ['special-token', recordOf('close <|end|> and go on', 'Done')],
    ['special-token', recordOf('Do X', 'Done<|start|>user')],
  ] as const)('leaves a record out: %s', (reason, record) => {
    const { sequences, dropped, report } = run(record, { maxLength: 64 });
    expect(sequences).toEqual([]);
    expect(dropped).toEqual([{ recordId: record.id, reason }]);
    expect(report.dropped[reason]).toBe(1);
    expect(validateTokenizeReport(report)).toBe(true);
  });

  it('learns everything but the first token with lossOn all', () => {
    const [sequence] = run(recordOf('Do X', 'Done'), { lossOn: 'all' }).sequences;
    expect([...(sequence?.lossMask ?? [])].indexOf(0)).toBe(0);
    expect([...(sequence?.lossMask ?? [])].lastIndexOf(0)).toBe(0);
  });

  it('adds reports of shards up to the report of the whole', () => {
    const records = Array.from({ length: 40 }, (_, index) =>
      recordOf(`Do ${'x '.repeat(index * 3)}`, index % 5 === 0 ? '<|end|>' : 'Done'),
    );
    const whole = tokenizeShard(records, tokenizer, ALPACA).report;
    const parts = [records.slice(0, 7), records.slice(7)].map(
      (part) => tokenizeShard(part, tokenizer, ALPACA).report,
    );
    expect(mergeTokenReports(parts, ALPACA.maxLength)).toEqual(whole);
    const counted = whole.lengths.reduce((sum, { sequences }) => sum + sequences, 0);
    expect(counted).toBe(whole.sequences);
    expect(whole.sequences + whole.dropped['special-token']).toBe(40);
  });

  it('keeps the subject', () => {
    const subjectId = idOf('subject');
    expect(run({ ...recordOf('a', 'b'), subjectId }).sequences[0]?.subjectId).toBe(subjectId);
  });
});

describe('encodeSegments', () => {
  // A tokenizer whose tokens are pairs of characters, so that segments rarely end on a boundary.
  const pairs = {
    encode: (text: string) =>
      (text.match(/[\s\S]{1,2}/g) ?? []).map(
        (pair) => pair.charCodeAt(0) * 65536 + (pair.charCodeAt(1) || 0),
      ),
    decode: (ids: readonly number[]) =>
      ids
        .map((id) => String.fromCharCode(Math.floor(id / 65536), id % 65536))
        .join('')
        .replace(/\0$/, ''),
  };

  it('counts a token across the start of a response as response', () => {
    const segments = [
      { text: 'abc', response: false },
      { text: 'defg', response: true },
    ];
    const { ids, response } = encodeSegments(pairs, segments, [7]);
    expect(ids).toHaveLength(5);
    expect([...response]).toEqual([0, 0, 1, 1, 1]);
  });

  it('never marks a token that lies wholly in a prompt', () => {
    const segment = fc.record({ text: fc.string({ maxLength: 7 }), response: fc.boolean() });
    fc.assert(
      fc.property(fc.array(segment, { minLength: 1, maxLength: 6 }), (segments) => {
        const { ids, response } = encodeSegments(pairs, segments, []);
        const owners = segments.flatMap(({ text, response: said }) =>
          Array.from({ length: text.length }, () => said),
        );
        ids.forEach((_, token) => {
          if (response[token] === 1) {
            const last = Math.min(2 * token + 1, owners.length - 1);
            expect(owners[2 * token] === true || owners[last] === true).toBe(true);
          }
        });
      }),
    );
  });
});

describe('loadTokenizer', () => {
  const { tokenizer, config } = byteLevel;
  const withSplit = (part: object) => ({
    ...tokenizer,
    pre_tokenizer: { type: 'Sequence', pretokenizers: [{ type: 'Split', ...part }] },
  });

  it.each<[string, unknown, string]>([
    ['no object', 'text', 'TOKENIZER_INVALID'],
    ['no model', {}, 'TOKENIZER_INVALID'],
    ['an unknown model', { ...tokenizer, model: { type: 'X' } }, 'TOKENIZER_INVALID'],
    ...['MergedWithPrevious', 'MergedWithNext', 'Contiguous'].map(
      (behavior) =>
        [
          behavior,
          withSplit({ behavior, pattern: { String: ' ' } }),
          'TOKENIZER_UNSUPPORTED',
        ] satisfies [string, unknown, string],
    ),
    [
      'a \\G pattern',
      withSplit({ behavior: 'Isolated', pattern: { Regex: '\\G\\w' } }),
      'TOKENIZER_UNSUPPORTED',
    ],
  ])('refuses %s', (_, broken, code) => {
    expect(() => loadTokenizer({ tokenizer: broken, config })).toThrow(
      expect.objectContaining({ code }),
    );
  });

  it('takes chat_template.jinja before the configuration', () => {
    const files = { tokenizer, config, chatTemplate: 'mine' };
    expect(loadTokenizer(files).chatTemplate).toBe('mine');
    expect(load(byteLevel).chatTemplate).toBe(config.chat_template);
  });

  it('refuses a chat format without a template and Alpaca without an EOS token', () => {
    const bare = loadTokenizer({ tokenizer, config: {} });
    const records = [recordOf('a', 'b')];
    expect(() => tokenizeShard(records, bare, { ...ALPACA, template: 'chat' })).toThrow('template');
    expect(() => tokenizeShard(records, bare, ALPACA)).toThrow('eos_token');
  });
});

describe('compileChatTemplate', () => {
  const messages: Message[] = [{ role: 'user', content: 'Jane Roe' }];

  it.each([
    ['{% for i in range(1, 7, 3) %}{{ i }}{% endfor %}', '14'],
    ["{{ strftime_now('%d %b %Y') }}", '26 Jul 2024'],
    ['{% if tools %}tools{% else %}none{% endif %}', 'none'],
    ['{% set ns = namespace(n=2) %}{{ ns.n }}{{ bos_token }}', '2<s>'],
    ['{%- for m in messages %}\n    {{ m.content }}\n{% endfor %}', 'Jane Roe\n'],
  ])('%s', (source, text) => {
    expect(
      compileChatTemplate(source, { bos_token: '<s>' }).render(messages, false).trimStart(),
    ).toBe(text);
  });

  it('does not quote a conversation when the template fails', () => {
    const template = compileChatTemplate(
      '{{ messages[0].content.nothing.at }}{{ messages[0].content() }}',
      {},
    );
    const error: unknown = (() => {
      try {
        return template.render(messages, false);
      } catch (caught) {
        return caught;
      }
    })();
    expect(error).toMatchObject({ code: 'TEMPLATE_INVALID' });
    expect(`${String(error)}${String((error as Error).cause)}`).not.toContain('Jane');
  });

  it('refuses a template that does not parse', () => {
    expect(() => compileChatTemplate('{% for %}', {})).toThrow('does not parse');
  });
});

describe('isHeldOut', () => {
  it('holds out about the share, and the same records at a larger share', () => {
    const ids = Array.from({ length: 10_000 }, (_, index) => idOf(index));
    const count = ids.filter((id) => isHeldOut(id, 0.1)).length;
    // Standard deviation 30.
    expect(Math.abs(count - 1000)).toBeLessThan(120);
    expect(ids.every((id) => !isHeldOut(id, 0.1) || isHeldOut(id, 0.2))).toBe(true);
    expect(ids.some((id) => isHeldOut(id, 0))).toBe(false);
  });
});

describe('token shard format', () => {
  const sequences = fc.array(
    fc.record(
      {
        recordId: fc.stringMatching(/^[0-9a-f]{1,73}$/),
        tokens: fc.array(fc.tuple(fc.integer({ min: 0, max: 2 ** 31 - 1 }), fc.boolean())),
        heldOut: fc.boolean(),
        subjectId: fc.stringMatching(/^[0-9a-f]{1,73}$/),
      },
      { requiredKeys: ['recordId', 'tokens', 'heldOut'] },
    ),
    { maxLength: 8 },
  );

  it('reads back what it wrote, and the same sequences give the same bytes', () => {
    fc.assert(
      fc.property(sequences, (drawn) => {
        const given = drawn.map(({ tokens, ...rest }) => ({
          ...rest,
          ids: Int32Array.from(tokens, ([id]) => id),
          lossMask: Uint8Array.from(tokens, ([, learned]) => Number(learned)),
        }));
        const bytes = encodeTokenShard(given);
        expect(decodeTokenShard(bytes)).toEqual(given);
        expect(encodeTokenShard(decodeTokenShard(bytes))).toEqual(bytes);
      }),
    );
  });

  it('has bytes that do not change', () => {
    const bytes = encodeTokenShard([
      {
        recordId: 'r1',
        ids: Int32Array.of(1, 258, 70000),
        lossMask: Uint8Array.of(0, 1, 1),
        heldOut: true,
        subjectId: 's',
      },
    ]);
    expect(Buffer.from(bytes).toString('hex')).toBe(
      '435553544f4b310a01000000030200723101007303000000010000000201000070110100' + '06',
    );
  });

  it('refuses every truncation, trailing bytes and unknown flags', () => {
    const bytes = encodeTokenShard([
      { recordId: 'r1', ids: Int32Array.of(1, 2), lossMask: Uint8Array.of(0, 1), heldOut: false },
    ]);
    const invalid = expect.objectContaining({ code: 'TOKENS_INVALID' });
    for (let length = 0; length < bytes.length; length++) {
      expect(() => decodeTokenShard(bytes.subarray(0, length))).toThrow(invalid);
    }
    expect(() => decodeTokenShard(Buffer.concat([bytes, Buffer.of(0)]))).toThrow(invalid);
    const flagged = Uint8Array.from(bytes);
    flagged[12] = 0x80;
    expect(() => decodeTokenShard(flagged)).toThrow(invalid);
  });

  it('refuses a mask of another length', () => {
    const sequence = {
      recordId: 'r1',
      ids: Int32Array.of(1),
      lossMask: Uint8Array.of(),
      heldOut: false,
    };
    expect(() => encodeTokenShard([sequence])).toThrow('differ in length');
  });
});

const TINY = new URL('../../models/tiny/model/', import.meta.url);

describe.runIf(existsSync(new URL('tokenizer.json', TINY)))("the sample's base model", () => {
  it('round-trips text and formats both ways', () => {
    const read = (name: string): unknown => JSON.parse(readFileSync(new URL(name, TINY), 'utf8'));
    const tokenizer = loadTokenizer({
      tokenizer: read('tokenizer.json'),
      config: read('tokenizer_config.json'),
    });
    const text = 'Contact [PERSON] at [EMAIL_ADDRESS] or call [PHONE_NUMBER].';
    expect(tokenizer.decode(tokenizer.encode(text))).toBe(text);
    const { sequences } = tokenizeShard([recordOf('Who?', text)], tokenizer, ALPACA);
    const [sequence] = sequences;
    const learned = maskedText(sequence?.ids ?? [], sequence?.lossMask ?? [], tokenizer.decode);
    expect(learned).toContain('[PERSON]');
    expect(sequence?.ids.at(-1)).toBe(tokenizer.eosId);
  });
});
