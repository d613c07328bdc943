import type { RunRequest } from '../../schemas/index.js';
import { RecordError } from './errors.js';
import { compileSelector, type Selector } from './select-field.js';

export type SourceSpec = RunRequest['dataset']['sources'][number];
export type FieldName = SourceSpec['fields'][number]['name'];
type Role = 'system' | 'user' | 'assistant';

/** Where a field's text comes from: a place in the row, or the run file itself. */
export type FieldSource = Selector | { readonly value: string };

/** How messages are written in the source. */
export interface TurnKeys {
  readonly roleFrom: string;
  readonly contentFrom: string;
  readonly roles: ReadonlyMap<unknown, Role>;
}

/** A source's mapping with its selectors compiled, and its shape checked. */
export interface CompiledSource {
  readonly name: string;
  readonly format: SourceSpec['format'];
  readonly encoding: SourceSpec['encoding'];
  readonly csv: NonNullable<SourceSpec['csv']>;
  readonly shape: SourceSpec['shape'];
  readonly turns: TurnKeys;
  readonly fields: ReadonlyMap<FieldName, FieldSource>;
  readonly primaryKey: Selector | undefined;
  readonly subject: Selector | undefined;
  /** Top-level members that something is mapped from. */
  readonly columns: readonly string[];
}

const SHAPES: Record<SourceSpec['shape'], { required: FieldName[]; optional: FieldName[] }> = {
  instruction: { required: ['instruction', 'output'], optional: ['input', 'system'] },
  prompt: { required: ['prompt', 'completion'], optional: ['system'] },
  messages: { required: ['messages'], optional: ['system'] },
};

/** Formats whose rows hold no lists. */
const FLAT: readonly SourceSpec['format'][] = ['csv', 'tsv', 'text'];
const ROLES: readonly Role[] = ['system', 'user', 'assistant'];

function fail(spec: SourceSpec, message: string): never {
  throw new RecordError('SOURCE_SPEC', `source "${spec.name}": ${message}`);
}

function checkShape(spec: SourceSpec, names: readonly FieldName[]): void {
  const { required, optional } = SHAPES[spec.shape];
  for (const [at, name] of names.entries()) {
    if (names.indexOf(name) !== at) fail(spec, `field "${name}" is mapped twice`);
    if (![...required, ...optional].includes(name)) {
      fail(spec, `shape "${spec.shape}" has no field "${name}"`);
    }
  }
  const missing = required.find((name) => !names.includes(name));
  if (missing !== undefined) fail(spec, `shape "${spec.shape}" needs a field "${missing}"`);
  if (spec.shape === 'messages' && FLAT.includes(spec.format)) {
    fail(spec, 'shape "messages" needs format jsonl, json or parquet');
  }
}

/** Options that belong to another format or shape would be passed over in silence. */
function checkOptions(spec: SourceSpec): void {
  if (spec.csv !== undefined && !['csv', 'tsv', 'auto'].includes(spec.format)) {
    fail(spec, '"csv" goes with format csv, tsv or auto');
  }
  if (spec.format === 'tsv' && spec.csv?.delimiter !== undefined) {
    fail(spec, 'format tsv has a tab between fields; leave the delimiter out');
  }
  if (spec.encoding !== undefined && spec.format === 'parquet') {
    fail(spec, 'Parquet is UTF-8; leave "encoding" out');
  }
  if (spec.turns !== undefined && spec.shape !== 'messages') {
    fail(spec, '"turns" goes with shape messages');
  }
}

function compileField(
  spec: SourceSpec,
  { name, from, value }: SourceSpec['fields'][number],
): FieldSource {
  if ((from === undefined) === (value === undefined)) {
    fail(spec, `field "${name}" needs either "from" or "value"`);
  }
  if (from !== undefined) return compileSelector(from, spec.format);
  if (name === 'messages') fail(spec, 'field "messages" needs "from"');
  return { value: value ?? '' };
}

function compileTurns({ turns }: SourceSpec): TurnKeys {
  const named = turns?.roles ?? {};
  return {
    roleFrom: turns?.roleFrom ?? 'role',
    contentFrom: turns?.contentFrom ?? 'content',
    roles: new Map([...ROLES.map((role) => [role, role] as const), ...Object.entries(named)]),
  };
}

/** @throws RecordError SOURCE_SPEC when the fields do not make the shape, or a pointer is none */
export function compileSource(spec: SourceSpec): CompiledSource {
  checkShape(
    spec,
    spec.fields.map(({ name }) => name),
  );
  checkOptions(spec);
  const fields = new Map(spec.fields.map((field) => [field.name, compileField(spec, field)]));
  const select = (selector: string | undefined): Selector | undefined =>
    selector === undefined ? undefined : compileSelector(selector, spec.format);
  const primaryKey = select(spec.primaryKey);
  const subject = select(spec.subject);
  const columns = [...fields.values(), primaryKey, subject].flatMap((selector) =>
    selector === undefined || 'value' in selector ? [] : selector.path.slice(0, 1),
  );
  return {
    name: spec.name,
    format: spec.format,
    encoding: spec.encoding,
    csv: spec.csv ?? {},
    shape: spec.shape,
    turns: compileTurns(spec),
    fields,
    primaryKey,
    subject,
    columns: [...new Set(columns)],
  };
}
