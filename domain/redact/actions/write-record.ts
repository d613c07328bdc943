import { kindOf, settingsOf, type ActionSettings } from '../../../policies/index.js';
import { RedactError } from '../errors.js';
import type { Action, EntityType, Span } from '../types.js';
import { GENERALIZERS } from './generalize.js';
import { canonicalOf, identify, type Found, type Identities } from './identities.js';
import { mask } from './mask.js';
import { datasetLabel, recordNumbers } from './numbering.js';
import { SURROGATES } from './surrogates.js';

export type ActionOf = (type: EntityType) => Action;

/** What pseudonyms and numbers of a dataset depend on. */
export interface WritingKey {
  /** 32 bytes, kept as long as the dataset. */
  readonly key: Uint8Array;
  /** The record, or its subject: its dates are moved together. */
  readonly owner: string;
}

export interface WrittenText {
  readonly text: string;
  /** For each span the place in `text` of what stands for it, or of the value where it is kept. */
  readonly places: readonly { readonly start: number; readonly end: number }[];
}

function assertSpans(text: string, spans: readonly Span[]): void {
  let end = 0;
  for (const span of spans) {
    if (span.start < end || span.end <= span.start || span.end > text.length) {
      const place = `[${String(span.start)}, ${String(span.end)})`;
      throw new RedactError(
        'SPANS_INVALID',
        `span ${place} overlaps, is out of order or out of range`,
      );
    }
    end = span.end;
  }
}

function valueOf(text: string, { start, end, escaped }: Span): string {
  const raw = text.slice(start, end);
  return escaped === true ? (JSON.parse(`"${raw}"`) as string) : raw;
}

interface Writer {
  readonly identities: () => Identities;
  readonly number: ReturnType<typeof recordNumbers>;
  readonly secret: WritingKey | undefined;
}

function keyOf(secret: WritingKey | undefined, { action }: ActionSettings): WritingKey {
  if (secret !== undefined) return secret;
  throw new RedactError(
    'KEY_MISSING',
    `the action ${action} needs the key of its dataset, and none was given`,
  );
}

/** Writes a value; undefined where it cannot be read as what its type says. */
type Write = (found: Found, settings: ActionSettings, writer: Writer) => string | undefined;

const placeholder = (type: EntityType, suffix = ''): string => `[${type}${suffix}]`;

const WRITES: Readonly<Record<Exclude<ActionSettings['action'], 'keep'>, Write>> = {
  placeholder: ({ type }) => placeholder(type),
  'drop-record': ({ type }) => placeholder(type),
  numbered: (found, settings, { identities, number, secret }) => {
    const canonical = identities().of(found);
    const label =
      settings.scope === 'record'
        ? number(found.type, canonical)
        : datasetLabel(keyOf(secret, settings).key, found.type, canonical);
    return placeholder(found.type, `_${label}`);
  },
  pseudonym: (found, settings, { identities, secret }) =>
    SURROGATES[kindOf(found.type)]({
      value: found.value,
      canonical: canonicalOf(found),
      settings,
      context: { ...keyOf(secret, settings), known: identities().known },
    }),
  mask: ({ value }, settings) => mask(value, settings),
  generalize: ({ type, value }, settings) => GENERALIZERS[kindOf(type)]?.(value, settings),
};

const JSON_NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** What is written, and how much of it at either end are the quotes of a JSON string. */
function replacement(
  text: string,
  span: Span,
  settings: ActionSettings,
  writer: Writer,
): { readonly put: string; readonly quote: 0 | 1 } {
  if (settings.action === 'keep') return { put: text.slice(span.start, span.end), quote: 0 };
  const found = { type: span.type, value: valueOf(text, span) };
  const made = WRITES[settings.action](found, settings, writer) ?? placeholder(found.type);
  if (span.escaped === true) return { put: JSON.stringify(made).slice(1, -1), quote: 0 };
  return span.quoted === true && !JSON_NUMBER.test(made)
    ? { put: `"${made}"`, quote: 1 }
    : { put: made, quote: 0 };
}

function writeText(
  text: string,
  spans: readonly Span[],
  actionOf: (type: EntityType) => ActionSettings,
  writer: Writer,
): WrittenText {
  const parts: string[] = [];
  const places: { start: number; end: number }[] = [];
  let from = 0;
  let length = 0;
  const add = (part: string): void => {
    parts.push(part);
    length += part.length;
  };
  for (const span of spans) {
    add(text.slice(from, span.start));
    const { put, quote } = replacement(text, span, actionOf(span.type), writer);
    places.push({ start: length + quote, end: length + put.length - quote });
    add(put);
    from = span.end;
  }
  add(text.slice(from));
  return { text: parts.join(''), places };
}

/**
 * The texts of a record, each span written as its type's action says. An action that cannot read a
 * value (a date that is none) writes a placeholder. Everything outside of spans stays as it is.
 * @throws RedactError SPANS_INVALID for spans that overlap, are out of order or out of range;
 *   KEY_MISSING when an action needs the dataset's key and there is none
 */
export function writeRecord(
  texts: readonly string[],
  found: readonly (readonly Span[])[],
  actionOf: ActionOf,
  secret?: WritingKey,
): readonly WrittenText[] {
  for (const [at, text] of texts.entries()) assertSpans(text, found[at] ?? []);
  const settings = new Map<EntityType, ActionSettings>();
  const known = (type: EntityType): ActionSettings => {
    const before = settings.get(type) ?? settingsOf(actionOf(type));
    settings.set(type, before);
    return before;
  };
  // Few actions ask which values mean the same.
  let identities: Identities | undefined;
  const identitiesOf = (): Identities =>
    (identities ??= identify(
      texts.flatMap((text, at) =>
        (found[at] ?? []).map((span) => ({ type: span.type, value: valueOf(text, span) })),
      ),
    ));
  const writer = { identities: identitiesOf, number: recordNumbers(), secret };
  return texts.map((text, at) => writeText(text, found[at] ?? [], known, writer));
}

/** As {@link writeRecord}, of one text. */
export const applySpans = (
  text: string,
  spans: readonly Span[],
  actionOf: ActionOf,
  secret?: WritingKey,
): string => writeRecord([text], [spans], actionOf, secret)[0]?.text ?? '';
