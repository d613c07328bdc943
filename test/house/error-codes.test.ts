import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { plainActivity } from '../../activities/edge.js';
import { describeError } from '../../cli/describe-error.js';
import { EXIT, exitCodeOf, isKnownCode } from '../../cli/exit-codes.js';

/** The sources of rooms, tests and generated code left out. */
function sourcesOf(rooms: readonly string[]): string[] {
  return rooms.flatMap((room) =>
    readdirSync(room, { recursive: true, encoding: 'utf8' })
      .filter((file) => /(?<!\.test|\.d)\.ts$/.test(file) && !file.includes('generated'))
      .map((file) => readFileSync(join(room, file), 'utf8')),
  );
}

const INNER = ['domain', 'infra', 'policies', 'schemas'] as const;
const sources = sourcesOf([...INNER, 'activities', 'cli', 'workflows']);

const QUOTED = /'([A-Za-z][\w-]+)'/g;
const quotedIn = (text: string): string[] =>
  [...text.matchAll(QUOTED)].map(([, code = '']) => code);

/** Codes of the rooms' unions, of classes with a single code, and of failures of workflows. */
function declaredCodes(text: string): string[] {
  const unions = [
    ...text.matchAll(/type \w+ErrorCode =([^;]+);/g),
    ...text.matchAll(/readonly code:((?:\s*\|\s*'\w+')+)/g),
  ];
  const single = [...text.matchAll(/readonly code = ('\w+');/g)];
  const workflow = [...text.matchAll(/nonRetryable\([^]*?,\s*('[A-Z_]+'),?\s*\)/g)];
  return [...unions, ...single, ...workflow].flatMap(([, codes = '']) => quotedIn(codes));
}

const codes = [...new Set(sources.flatMap(declaredCodes))].sort();

describe('error codes', () => {
  it('are found in the sources', () => {
    expect(codes.length).toBeGreaterThan(70);
    for (const code of [
      'USAGE',
      'SCHEMA_INVALID',
      'MODEL_REFUSED',
      'REVIEW_CLOSED',
      'NOT_RUNNING',
    ]) {
      expect(codes).toContain(code);
    }
  });

  it.each(codes)('%s is written in capitals and has an exit status', (code) => {
    expect(code).toMatch(/^[A-Z][A-Z0-9_]+$/);
    expect(isKnownCode(code)).toBe(true);
    expect(exitCodeOf(code)).toBeGreaterThan(EXIT.ok);
  });
});

const QUOTE = 'Zebulon Quartermaine';

function thrownBy(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

/** Errors of Node and of libraries whose own words quote what they choked on. */
const FOREIGN: readonly (readonly [string, unknown])[] = [
  ["JSON.parse's", thrownBy(() => JSON.parse(`"${QUOTE}`) as unknown)],
  ["Buffer's", thrownBy(() => Buffer.from('', QUOTE as BufferEncoding))],
  [
    "a library's with a code",
    Object.assign(new Error(QUOTE), { code: 'CSV_INVALID_CLOSING_QUOTE' }),
  ],
  ["a library's with a cause", new Error('failed', { cause: new Error(QUOTE) })],
  ['no error at all', QUOTE],
];

/** What a workflow gets to see of an error in an activity. */
function failureOf(error: unknown): Promise<Error> {
  const failing = plainActivity(() => {
    throw error;
  });
  return failing().then(
    () => new Error('nothing was thrown'),
    (failure: unknown) => failure as Error,
  );
}

describe('the words of an error that is not ours', () => {
  it.each(FOREIGN)('%s do not reach a workflow', async (_, error) => {
    const failure = await failureOf(error);
    expect(JSON.stringify([failure.message, failure.stack, failure.cause])).not.toContain(QUOTE);
  });

  it.each(FOREIGN)('%s do not reach a terminal', (_, error) => {
    expect(JSON.stringify(describeError(error))).not.toContain(QUOTE);
  });

  it('are in most of them, so that the test can fail', () => {
    const said = FOREIGN.filter(([, error]) =>
      (error instanceof Error ? error.message : String(error)).includes(QUOTE),
    );
    expect(said.length).toBeGreaterThan(2);
  });
});

describe('a class of errors', () => {
  const classes = sourcesOf(INNER).flatMap((text) =>
    [...text.matchAll(/export class (\w+) extends Error/g)].map(([, name = '']) => name),
  );

  // A template's refusal is caught where it is thrown.
  it.each(classes.filter((name) => name !== 'TemplateRefusal'))(
    '%s keeps its words on the way to a workflow',
    async (name) => {
      const error = Object.assign(new Error('row 3 of tickets'), { name, code: 'SCHEMA_INVALID' });
      expect((await failureOf(error)).message).toBe('row 3 of tickets');
    },
  );
});
