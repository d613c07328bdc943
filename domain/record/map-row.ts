import type { Policy, TrainingRecord } from '../../schemas/index.js';
import type { CompiledSource, FieldName, TurnKeys } from './compile-source.js';
import { rejection, type Rejection } from './rows.js';
import { selectValue, type Selector } from './select-field.js';

export type Message = TrainingRecord['messages'][number];
type Limits = Pick<Policy['ingest'], 'minContentChars' | 'maxContentChars'>;

/** What of a row enters the dataset. The keys are used for ids only and stored nowhere. */
export interface MappedRow {
  readonly messages: readonly Message[];
  readonly primaryKey: string | undefined;
  readonly subject: string | undefined;
}

class RowRejected extends Error {
  constructor(readonly rejection: Rejection) {
    super(rejection.reason);
  }
}

function reject(...args: Parameters<typeof rejection>): never {
  throw new RowRejected(rejection(...args));
}

const LONE_SURROGATE = /\p{Surrogate}/u;

/** A non-empty, well-formed string. A lone surrogate has no UTF-8 form, so no digest could hold it. */
function asText(value: unknown, pointer: string): string {
  if (value === undefined || value === null) reject('FIELD_MISSING', 'a string', pointer);
  if (typeof value !== 'string') reject('FIELD_NOT_TEXT', 'a string', pointer);
  if (value.trim() === '') reject('FIELD_EMPTY', 'text', pointer);
  if (value.includes('\0')) reject('NUL_BYTE', 'text without NUL', pointer);
  if (LONE_SURROGATE.test(value)) reject('LONE_SURROGATE', 'well-formed Unicode', pointer);
  return value;
}

function asKey(row: unknown, selector: Selector): string {
  const value = selectValue(row, selector);
  if (Number.isSafeInteger(value)) return String(value);
  if (typeof value === 'number' && Math.abs(value) > Number.MAX_SAFE_INTEGER) {
    reject(
      'KEY_NOT_EXACT',
      'a key above 2^53 in quotes, or every digit is not read',
      selector.pointer,
    );
  }
  const usable = typeof value === 'string' && value !== '' && !LONE_SURROGATE.test(value);
  if (!usable) reject('KEY_MISSING', 'a non-empty string or an integer', selector.pointer);
  return value;
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}

function member(value: object, key: string): unknown {
  return Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : undefined;
}

function asMessages(value: unknown, pointer: string, turns: TurnKeys): Message[] {
  const { roleFrom, contentFrom, roles } = turns;
  const form = `{${roleFrom}, ${contentFrom}}`;
  if (!Array.isArray(value)) reject('FIELD_NOT_TEXT', `a list of ${form}`, pointer);
  return (value as readonly unknown[]).map((item, at): Message => {
    const place = `${pointer}/${String(at)}`;
    if (typeof item !== 'object' || item === null) reject('FIELD_NOT_TEXT', form, place);
    const role = roles.get(member(item, roleFrom));
    if (role === undefined) {
      reject('ROLE_UNKNOWN', 'system, user or assistant', `${place}/${roleFrom}`);
    }
    return { role, content: asText(member(item, contentFrom), `${place}/${contentFrom}`) };
  });
}

/** An optional system message, then user and assistant in turn, the assistant last. */
function checkRoles(messages: readonly Message[], pointer: string): void {
  const turns = messages[0]?.role === 'system' ? messages.slice(1) : messages;
  const wrong = turns.findIndex(({ role }, at) => role !== (at % 2 === 0 ? 'user' : 'assistant'));
  const place = `${pointer}/${String(wrong + messages.length - turns.length)}/role`;
  if (wrong >= 0) reject('ROLES_NOT_ALTERNATING', 'user and assistant in turn', place);
  if (turns.at(-1)?.role !== 'assistant') reject('NO_ANSWER', 'an assistant message last', pointer);
}

function build(source: CompiledSource, row: unknown): Message[] {
  const pointer = (name: FieldName): string => {
    const field = source.fields.get(name);
    return field === undefined || 'value' in field ? '' : field.pointer;
  };
  const value = (name: FieldName): unknown => {
    const field = source.fields.get(name);
    if (field === undefined) return undefined;
    return 'value' in field ? field.value : selectValue(row, field);
  };
  const text = (name: FieldName): string => asText(value(name), pointer(name));
  const optional = (name: FieldName): string[] => (isAbsent(value(name)) ? [] : [text(name)]);
  const turn = (user: string, assistant: string): Message[] => [
    { role: 'user', content: user },
    { role: 'assistant', content: assistant },
  ];
  const system = optional('system').map((content): Message => ({ role: 'system', content }));
  switch (source.shape) {
    case 'instruction':
      return [
        ...system,
        ...turn([text('instruction'), ...optional('input')].join('\n\n'), text('output')),
      ];
    case 'prompt':
      return [...system, ...turn(text('prompt'), text('completion'))];
    case 'messages': {
      const messages = [
        ...system,
        ...asMessages(value('messages'), pointer('messages'), source.turns),
      ];
      checkRoles(messages, pointer('messages'));
      return messages;
    }
  }
}

function checkLength(messages: readonly Message[], limits: Limits): void {
  const chars = messages.reduce((sum, { content }) => sum + content.length, 0);
  const { minContentChars: min, maxContentChars: max } = limits;
  if (chars < min) reject('TOO_SHORT', `at least ${String(min)} characters in all`);
  if (chars > max) reject('TOO_LONG', `at most ${String(max)} characters in all`);
}

/**
 * Maps a row by its source's fields; what no field names does not leave this function.
 * `instruction` and `input` become one user message, an empty line between them.
 */
export function mapRow(
  source: CompiledSource,
  row: unknown,
  limits: Limits,
): MappedRow | Rejection {
  try {
    const messages = build(source, row);
    checkLength(messages, limits);
    const primaryKey = source.primaryKey === undefined ? undefined : asKey(row, source.primaryKey);
    const subject = source.subject === undefined ? undefined : selectValue(row, source.subject);
    const named = source.subject !== undefined && !isAbsent(subject);
    return { messages, primaryKey, subject: named ? asKey(row, source.subject) : undefined };
  } catch (error) {
    if (error instanceof RowRejected) return error.rejection;
    throw error;
  }
}
