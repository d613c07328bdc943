import { describe, expect, it } from 'vitest';
import { compileSource, type SourceSpec } from './compile-source.js';
import { mapRow } from './map-row.js';

const limits = { minContentChars: 4, maxContentChars: 60 };
const purpose = 'answers to customers';

const instruction: SourceSpec = {
  name: 'tickets',
  path: 't.jsonl',
  format: 'jsonl',
  shape: 'instruction',
  primaryKey: '/id',
  subject: '/who',
  fields: [
    { name: 'instruction', from: '/ask', purpose },
    { name: 'input', from: '/more', purpose },
    { name: 'output', from: '/reply/text', purpose },
  ],
};
const messages: SourceSpec = {
  name: 'chats',
  path: 'c.jsonl',
  format: 'jsonl',
  shape: 'messages',
  fields: [{ name: 'messages', from: '/log', purpose }],
};
const base = { id: 7, who: 'jane', ask: 'Why?', reply: { text: 'So.' }, secret: 'never' };

describe('mapRow', () => {
  it('makes messages of an instruction, its input and its output, and nothing else', () => {
    const row = mapRow(compileSource(instruction), { ...base, more: 'Context.' }, limits);
    expect(row).toEqual({
      messages: [
        { role: 'user', content: 'Why?\n\nContext.' },
        { role: 'assistant', content: 'So.' },
      ],
      primaryKey: '7',
      subject: 'jane',
    });
  });

  it.each([undefined, null, ''])('takes an input of %j as none', (more) => {
    const row = mapRow(compileSource(instruction), { ...base, more }, limits);
    expect(row).toMatchObject({ messages: [{ content: 'Why?' }, { content: 'So.' }] });
  });

  it.each<[string, object, string, string]>([
    ['a missing field', { ask: undefined }, 'FIELD_MISSING', '/ask'],
    ['a number', { ask: 5 }, 'FIELD_NOT_TEXT', '/ask'],
    ['white space', { reply: { text: ' \n' } }, 'FIELD_EMPTY', '/reply/text'],
    ['an inherited member', { reply: 'text' }, 'FIELD_MISSING', '/reply/text'],
    ['half a surrogate pair', { ask: 'a\ud83d' }, 'LONE_SURROGATE', '/ask'],
    ['NUL written as an escape', { ask: 'a\0b' }, 'NUL_BYTE', '/ask'],
    ['no key', { id: null }, 'KEY_MISSING', '/id'],
    ['a fractional key', { id: 1.5 }, 'KEY_MISSING', '/id'],
    ['a subject that is an object', { who: {} }, 'KEY_MISSING', '/who'],
    ['too short', { ask: 'a', reply: { text: 'b' } }, 'TOO_SHORT', ''],
    ['too long', { ask: 'a'.repeat(61) }, 'TOO_LONG', ''],
  ])('rejects %s', (_, change, reason, pointer) => {
    const row = mapRow(compileSource(instruction), { ...base, ...change }, limits);
    expect(row).toMatchObject({ reason, pointer });
  });

  it.each<[string, unknown, string, string]>([
    ['no list', 'hello', 'FIELD_NOT_TEXT', '/log'],
    ['an unknown role', [{ role: 'tool', content: 'x' }], 'ROLE_UNKNOWN', '/log/0/role'],
    [
      'content that is no text',
      [{ role: 'user', content: [] }],
      'FIELD_NOT_TEXT',
      '/log/0/content',
    ],
    ['two users', turns('user', 'user', 'assistant'), 'ROLES_NOT_ALTERNATING', '/log/1/role'],
    [
      'system in the middle',
      turns('user', 'system', 'assistant'),
      'ROLES_NOT_ALTERNATING',
      '/log/1/role',
    ],
    ['no answer', turns('system', 'user'), 'NO_ANSWER', '/log'],
    ['an empty list', [], 'NO_ANSWER', '/log'],
  ])('rejects messages: %s', (_, log, reason, pointer) => {
    expect(mapRow(compileSource(messages), { log }, limits)).toMatchObject({ reason, pointer });
  });

  it('keeps system, user and assistant in turn, and drops other members of a message', () => {
    const log = [{ role: 'system', content: 'Be brief.' }, ...turns('user', 'assistant')];
    const row = mapRow(
      compileSource(messages),
      { log: log.map((turn) => ({ ...turn, name: 'x' })) },
      limits,
    );
    expect(row).toMatchObject({ messages: log });
  });
});

function turns(...roles: string[]): { role: string; content: string }[] {
  return roles.map((role) => ({ role, content: 'words' }));
}

describe('compileSource', () => {
  it.each<[string, Partial<SourceSpec>]>([
    ['a field that the shape needs is missing', { fields: instruction.fields.slice(0, 1) }],
    [
      'a field of another shape',
      { fields: [...instruction.fields, { name: 'prompt', from: '/p', purpose }] },
    ],
    ['a field twice', { fields: [...instruction.fields, { name: 'output', from: '/p', purpose }] }],
    ['no JSON pointer', { primaryKey: 'id' }],
    ['messages in CSV', { ...messages, format: 'csv' }],
  ])('refuses: %s', (_, change) => {
    expect(() => compileSource({ ...instruction, ...change })).toThrow(
      expect.objectContaining({ code: 'SOURCE_SPEC' }),
    );
  });
});
