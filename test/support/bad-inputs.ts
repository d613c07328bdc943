import type { SourceSpec } from '../../domain/record/index.js';
import { bytes, gzip, parquet, parquetOf, utf16, utf8, zstd, zstdBomb } from './source-files.js';

/** A reason in quarantine, or the code of the error that stops the run. */
export interface BadInput {
  readonly what: string;
  readonly file: string;
  readonly content: Uint8Array;
  readonly spec?: Partial<SourceSpec>;
  readonly expected: string | readonly string[];
}

const purpose = 'a test';

/** Maps `q` and `a`; formats with pointers take both by name. */
export const FIELDS: SourceSpec['fields'] = [
  { name: 'prompt', from: 'q', purpose },
  { name: 'completion', from: 'a', purpose },
];

const chat: Partial<SourceSpec> = {
  shape: 'messages',
  fields: [{ name: 'messages', from: '/log', purpose }],
};
const keyed: Partial<SourceSpec> = { primaryKey: 'id' };
const letter: Partial<SourceSpec> = {
  fields: [
    { name: 'prompt', value: 'Write a letter', purpose },
    { name: 'completion', from: 'text', purpose },
  ],
};

const OK = '{"q":"uno","a":"dos"}\n';
const turn = (role: string, content: unknown = 'words') => ({ role, content });
const log = (...turns: unknown[]): Buffer => utf8(`${JSON.stringify({ log: turns })}\n`);
const nest = (levels: number): string => `${'['.repeat(levels)}${']'.repeat(levels)}`;

const JSONL: readonly BadInput[] = [
  ['no JSON', bytes(`${OK}{"q": uno}\n`), ['NOT_JSON']],
  ['a line cut off at the end of the file', bytes(`${OK}{"q":"uno`), ['NOT_JSON']],
  ['dos objects on a line', bytes('{"q":"1","a":"1"}{"q":"2","a":"2"}\n'), ['NOT_JSON']],
  ['single quotes', bytes("{'q':'uno','a':'dos'}\n"), ['NOT_JSON']],
  ['a comma too many', bytes('{"q":"uno","a":"dos",}\n'), ['NOT_JSON']],
  ['NaN', bytes('{"q":"uno","a":NaN}\n'), ['NOT_JSON']],
  [
    'a list, a string, a number, null',
    bytes('[1]\n"x"\n7\nnull\n'),
    Array(4).fill('NOT_AN_OBJECT'),
  ],
  ['invalid UTF-8', bytes('{"q":"\xc3\x28","a":"dos"}\n'), ['NOT_UTF8']],
  ['an overlong form', bytes('{"q":"\xc0\xaf","a":"dos"}\n'), ['NOT_UTF8']],
  ['a surrogate in UTF-8', bytes('{"q":"\xed\xa0\x80","a":"dos"}\n'), ['NOT_UTF8']],
  ['Latin-1 that is not stated', bytes('{"q":"caf\xe9","a":"dos"}\n'), ['NOT_UTF8']],
  ['a NUL byte', bytes('{"q":"o\0ne","a":"dos"}\n'), ['NUL_BYTE']],
  ['NUL as an escape', bytes('{"q":"o\\u0000ne","a":"dos"}\n'), ['NUL_BYTE']],
  ['UTF-16 without a mark', Buffer.from(OK, 'utf16le'), ['NUL_BYTE', 'NUL_BYTE']],
  ['half a surrogate pair as an escape', bytes('{"q":"\\ud83d","a":"dos"}\n'), ['LONE_SURROGATE']],
  ['a huge line', utf8(`{"q":"${'x'.repeat(5000)}","a":"y"}\n${OK}`), ['ROW_TOO_LARGE']],
  ['65 levels', utf8(`{"q":${nest(64)},"a":"y"}\n`), ['JSON_TOO_DEEP']],
  ['a bomb of brackets', utf8(`${'['.repeat(4000)}\n`), ['JSON_TOO_DEEP']],
  ['a member twice', bytes('{"q":"uno","a":"dos","q":"three"}\n'), ['MEMBER_REPEATED']],
  ['a member that is missing', bytes('{"q":"uno"}\n'), ['FIELD_MISSING']],
  ['a member that is null', bytes('{"q":"uno","a":null}\n'), ['FIELD_MISSING']],
  ['a member of the prototype', bytes('{"__proto__":{"q":"1","a":"2"}}\n'), ['FIELD_MISSING']],
  ['a number for a text', bytes('{"q":5,"a":"dos"}\n'), ['FIELD_NOT_TEXT']],
  ['white space for a text', bytes('{"q":" \\n","a":"dos"}\n'), ['FIELD_EMPTY']],
  ['too short', bytes('{"q":"a","a":"b"}\n'), ['TOO_SHORT']],
  ['too long', utf8(`{"q":"${'x'.repeat(900)}","a":"b"}\n`), ['TOO_LONG']],
  ['a CSV file', bytes('q,a\none,dos\n'), ['NOT_JSON', 'NOT_JSON']],
].map(([what, content, expected]) => ({
  what: `JSONL: ${String(what)}`,
  file: 'x.jsonl',
  content: content as Uint8Array,
  expected: expected as string[],
}));

const KEYS: readonly BadInput[] = [
  ['no key', '{"q":"uno","a":"dos"}\n', ['KEY_MISSING']],
  ['an empty key', '{"id":"","q":"uno","a":"dos"}\n', ['KEY_MISSING']],
  ['a fraction', '{"id":1.5,"q":"uno","a":"dos"}\n', ['KEY_MISSING']],
  ['a number beyond 2^53', '{"id":9007199254740993,"q":"uno","a":"dos"}\n', ['KEY_NOT_EXACT']],
  [
    'a repeated key',
    '{"id":1,"q":"uno","a":"b"}\n{"id":"1","q":"dos","a":"b"}\n',
    ['KEY_REPEATED'],
  ],
].map(([what, content, expected]) => ({
  what: `keys: ${String(what)}`,
  file: 'x.jsonl',
  content: utf8(content as string),
  spec: keyed,
  expected: expected as string[],
}));

const CHATS: readonly BadInput[] = [
  ['no list', utf8('{"log":"hello"}\n'), ['FIELD_NOT_TEXT']],
  ['an unknown role', log(turn('tool'), turn('assistant')), ['ROLE_UNKNOWN']],
  ['content that is a list', log(turn('user', []), turn('assistant')), ['FIELD_NOT_TEXT']],
  ['dos users', log(turn('user'), turn('user'), turn('assistant')), ['ROLES_NOT_ALTERNATING']],
  ['a late system prompt', log(turn('user'), turn('system')), ['ROLES_NOT_ALTERNATING']],
  ['no answer', log(turn('user')), ['NO_ANSWER']],
  ['an empty list', log(), ['NO_ANSWER']],
].map(([what, content, expected]) => ({
  what: `chat: ${String(what)}`,
  file: 'x.jsonl',
  content: content as Uint8Array,
  spec: chat,
  expected: expected as string[],
}));

const CSV: readonly BadInput[] = [
  ['too few and too many fields', 'q,a\none\none,dos,three\n', ['CSV_COLUMNS', 'CSV_COLUMNS']],
  ['a quote inside a bare field', 'q,a\no"ne,dos\n', ['CSV_QUOTES']],
  ['text after a closing quote', 'q,a\n"uno"x,dos\n', ['CSV_QUOTES']],
  ['a quote that never closes', 'q,a\n"uno,dos\nthree,four\n', ['CSV_QUOTES']],
  ['an empty field', 'q,a\n,dos\n', ['FIELD_EMPTY']],
  ['invalid UTF-8', 'q,a\n\xff\xfe,dos\n', ['NOT_UTF8']],
  ['NUL', 'q,a\no\0ne,dos\n', ['NUL_BYTE']],
  ['a huge field', `q,a\n"${'x'.repeat(5000)}",y\n`, ['ROW_TOO_LARGE']],
  [
    'a huge field over many lines',
    `q,a\n"${'x\n'.repeat(2500)}",y\n`,
    ['ROW_TOO_LARGE', 2499, 'CSV_QUOTES'],
  ],
  ['an empty file', '', 'SOURCE_HEADER'],
  ['no header', 'uno,dos\nthree,four\n', 'SOURCE_HEADER'],
  ['a header without a mapped column', 'q,b\none,dos\n', 'SOURCE_HEADER'],
  ['a repeated column', 'q,a,q\n1,2,3\n', 'SOURCE_HEADER'],
  ['a nameless column', 'q,a,\n1,2,3\n', 'SOURCE_HEADER'],
  ['a header with an open quote', '"q,a\n1,2\n', 'SOURCE_HEADER'],
  ['a header that is not UTF-8', '\xe9,q,a\n1,2,3\n', 'SOURCE_HEADER'],
].map(([what, content, expected]) => ({
  what: `CSV: ${String(what)}`,
  file: 'x.csv',
  content: bytes(content as string),
  expected: repeated(expected as string | readonly (string | number)[]),
}));

/** `['A', 3]` is A once, then CSV_COLUMNS three times: the lines that a broken row leaves behind. */
function repeated(expected: string | readonly (string | number)[]): string | string[] {
  if (typeof expected === 'string') return expected;
  return expected.flatMap((item) =>
    typeof item === 'number' ? Array<string>(item).fill('CSV_COLUMNS') : [item],
  );
}

const ARRAYS: readonly BadInput[] = [
  ['an element that is no JSON', `[${OK},{"q":uno},${OK}]`, ['NOT_JSON']],
  ['elements that are no objects', `[1,"x",null,[${OK}],true]`, Array(5).fill('NOT_AN_OBJECT')],
  ['a huge element', `[{"q":"${'x'.repeat(5000)}"},${OK}]`, ['ROW_TOO_LARGE']],
  ['a deep element', `[{"q":${nest(70)}}]`, ['JSON_TOO_DEEP']],
  ['a member twice', '[{"q":"1","q":"2","a":"3"}]', ['MEMBER_REPEATED']],
  ['cut off between elements', `[${OK},`, 'SOURCE_CORRUPT'],
  ['cut off inside an element', `[${OK},{"q":"on`, 'SOURCE_CORRUPT'],
  ['a string that never closes', `[{"q":"uno,"a":"dos"},${OK}]`, 'SOURCE_CORRUPT'],
  ['a missing comma', `[${OK} ${OK}]`, 'SOURCE_CORRUPT'],
  ['a comma too many', `[${OK},]`, 'SOURCE_CORRUPT'],
  ['something after the end', `[${OK}] x`, 'SOURCE_CORRUPT'],
  ['an object around the array', `{\n "data": [${OK}]\n}`, 'SOURCE_FORMAT'],
  ['an empty file', '', 'SOURCE_FORMAT'],
].map(([what, content, expected]) => ({
  what: `JSON array: ${String(what)}`,
  file: 'x.json',
  content: utf8(content as string),
  expected: expected as string | string[],
}));

const good = parquetOf({ q: ['uno', 'dos'], a: ['three', 'four'] });

const PARQUET: readonly BadInput[] = [
  ['a missing column', parquetOf({ q: ['uno'], b: ['dos'] }), 'SOURCE_HEADER'],
  ['a null', parquetOf({ q: ['uno', null], a: ['dos', 'three'] }), ['FIELD_MISSING']],
  [
    'numbers for texts',
    parquet({ name: 'q', data: [1, 2], type: 'INT32' }, { name: 'a', data: ['x', 'y'] }),
    ['FIELD_NOT_TEXT', 'FIELD_NOT_TEXT'],
  ],
  ['a huge cell', parquetOf({ q: ['x'.repeat(5000), 'uno'], a: ['y', 'dos'] }), ['ROW_TOO_LARGE']],
  ['a string that is not UTF-8', spoil(good, 'dos', '\xffos'), ['NOT_UTF8']],
  ['cut off', good.subarray(0, good.length - 20), 'SOURCE_CORRUPT'],
  ['only the magic', bytes('PAR1'), 'SOURCE_CORRUPT'],
  ['a footer that is noise', spoilFooter(good), 'SOURCE_CORRUPT'],
  ['a footer longer than the file', footerLength(good, 0x7fffffff), 'SOURCE_CORRUPT'],
  ['compressed as a whole', gzip(good), 'SOURCE_FORMAT'],
].map(([what, content, expected]) => ({
  what: `Parquet: ${String(what)}`,
  file: 'x.parquet',
  content: content as Uint8Array,
  expected: expected as string | string[],
}));

function spoil(file: Buffer, from: string, to: string): Buffer {
  const copy = Buffer.from(file);
  // The last place is that of the statistics; the first that of the page.
  copy.write(to, copy.indexOf(from), 'latin1');
  return copy;
}

function spoilFooter(file: Buffer): Buffer {
  const copy = Buffer.from(file);
  return copy.fill(0xee, copy.length - 8 - copy.readUInt32LE(copy.length - 8), copy.length - 8);
}

function footerLength(file: Buffer, length: number): Buffer {
  const copy = Buffer.from(file);
  copy.writeUInt32LE(length, copy.length - 8);
  return copy;
}

const CONTAINERS: readonly BadInput[] = [
  ['gzip cut off', 'x.jsonl.gz', gzip(OK.repeat(99)).subarray(0, 40), 'SOURCE_CORRUPT'],
  ['gzip with a wrong sum', 'x.jsonl.gz', flipAt(gzip(OK), -6), 'SOURCE_CORRUPT'],
  ['gzip and something after', 'x.jsonl.gz', Buffer.concat([gzip(OK), utf8(OK)]), 'SOURCE_CORRUPT'],
  ['gzip of an empty file', 'x.csv.gz', gzip(''), 'SOURCE_HEADER'],
  ['gzip in gzip', 'x.jsonl.gz', gzip(gzip(OK)), 'SOURCE_FORMAT'],
  ['a bad row inside gzip', 'x.jsonl.gz', gzip(`${OK}no\n`), ['NOT_JSON']],
  ['a gzip bomb', 'x.jsonl.gz', gzip(Buffer.alloc(80 << 20, ' ')), 'SOURCE_LIMIT'],
  ['zstd cut off', 'x.jsonl.zst', zstd(utf8(OK)).subarray(0, 20), 'SOURCE_CORRUPT'],
  [
    'zstd and something after',
    'x.jsonl.zst',
    Buffer.concat([zstd(utf8(OK)), utf8(OK)]),
    'SOURCE_CORRUPT',
  ],
  ['a bad row inside zstd', 'x.jsonl.zst', zstd(utf8(`${OK}no\n`)), ['NOT_JSON']],
  ['a zstd bomb', 'x.jsonl.zst', zstdBomb(700), 'SOURCE_LIMIT'],
  ['a zstd window of 1 GiB', 'x.jsonl.zst', zstd(utf8(OK), 30), 'SOURCE_LIMIT'],
  ['a zip archive', 'x.csv', bytes('PK\x03\x04\x14\0\0\0'), 'SOURCE_FORMAT'],
  ['a PDF named .txt', 'x.txt', bytes('%PDF-1.7\n'), 'SOURCE_FORMAT'],
  ['an ending that says nothing', 'x.dat', utf8('some words\n'), 'SOURCE_FORMAT'],
  ['an empty file without an ending', 'x', utf8(''), 'SOURCE_FORMAT'],
].map(([what, file, content, expected]) => ({
  what: `file: ${String(what)}`,
  file: file as string,
  content: content as Uint8Array,
  expected: expected as string | string[],
}));

function flipAt(file: Buffer, at: number): Buffer {
  const copy = Buffer.from(file);
  const place = at + copy.length;
  copy[place] = (copy[place] ?? 0) ^ 0xff;
  return copy;
}

const OTHERS: readonly BadInput[] = [
  {
    what: 'UTF-16: half a surrogate pair in one of two rows',
    file: 'x.jsonl',
    content: Buffer.concat([utf16(OK), Buffer.from('{"q":"\ud83d","a":"x"}\n', 'utf16le')]),
    expected: ['NOT_UTF8'],
  },
  {
    what: 'UTF-16: a mark against the stated encoding',
    file: 'x.jsonl',
    content: utf16(OK),
    spec: { encoding: 'utf-8' },
    expected: 'SOURCE_FORMAT',
  },
  {
    what: 'UTF-32',
    file: 'x.jsonl',
    content: bytes('\xff\xfe\0\0{\0\0\0'),
    expected: 'SOURCE_FORMAT',
  },
  {
    what: 'Shift_JIS: a byte that begins nothing',
    file: 'x.jsonl',
    content: bytes(`${OK}{"q":"\x82\xa0\xfd","a":"dos"}\n`),
    spec: { encoding: 'shift_jis' },
    expected: ['NOT_UTF8'],
  },
  {
    what: 'text: an empty file',
    file: 'x.txt',
    content: utf8(''),
    spec: letter,
    expected: ['FIELD_EMPTY'],
  },
  {
    what: 'text: a huge file',
    file: 'x.txt',
    content: utf8('x'.repeat(5000)),
    spec: letter,
    expected: ['ROW_TOO_LARGE'],
  },
  {
    what: 'text: NUL',
    file: 'x.txt',
    content: utf8('a\0b'),
    spec: letter,
    expected: ['NUL_BYTE'],
  },
  {
    what: 'format: JSON Lines that are stated to be Parquet',
    file: 'x.jsonl',
    content: utf8(OK),
    spec: { format: 'parquet' },
    expected: 'SOURCE_FORMAT',
  },
  {
    what: 'format: Parquet that is stated to be CSV',
    file: 'x.parquet',
    content: good,
    spec: { format: 'csv' },
    expected: 'SOURCE_FORMAT',
  },
  {
    what: 'mapping: columns that do not name what is mapped',
    file: 'x.csv',
    content: utf8('uno,dos\n'),
    spec: { csv: { columns: ['q', 'b'] } },
    expected: 'SOURCE_HEADER',
  },
  {
    what: 'mapping: messages in CSV',
    file: 'x.csv',
    content: utf8('log\nx\n'),
    spec: { ...chat, format: 'csv', fields: [{ name: 'messages', from: 'log', purpose }] },
    expected: 'SOURCE_SPEC',
  },
  {
    what: 'mapping: a field with neither place nor value',
    file: 'x.csv',
    content: utf8('q,a\n'),
    spec: { fields: [...FIELDS.slice(1), { name: 'prompt', purpose }] },
    expected: 'SOURCE_SPEC',
  },
];

export const BAD_INPUTS: readonly BadInput[] = [
  ...JSONL,
  ...KEYS,
  ...CHATS,
  ...CSV,
  ...ARRAYS,
  ...PARQUET,
  ...CONTAINERS,
  ...OTHERS,
];
