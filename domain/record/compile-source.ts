import type { RunRequest } from '../../schemas/index.js';
import { RecordError } from './errors.js';
import { compileSelector, type Selector } from './select-field.js';

export type SourceSpec = RunRequest['dataset']['sources'][number];
export type FieldName = SourceSpec['fields'][number]['name'];

/** A source's mapping with its selectors compiled, and its shape checked. */
export interface CompiledSource {
  readonly name: string;
  readonly format: SourceSpec['format'];
  readonly shape: SourceSpec['shape'];
  readonly fields: ReadonlyMap<FieldName, Selector>;
  readonly primaryKey: Selector | undefined;
  readonly subject: Selector | undefined;
}

const SHAPES: Record<SourceSpec['shape'], { required: FieldName[]; optional: FieldName[] }> = {
  instruction: { required: ['instruction', 'output'], optional: ['input', 'system'] },
  prompt: { required: ['prompt', 'completion'], optional: ['system'] },
  messages: { required: ['messages'], optional: ['system'] },
};

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
  if (spec.shape === 'messages' && spec.format === 'csv') {
    fail(spec, 'shape "messages" needs format jsonl');
  }
}

/** @throws RecordError SOURCE_SPEC when the fields do not make the shape, or a pointer is none */
export function compileSource(spec: SourceSpec): CompiledSource {
  checkShape(
    spec,
    spec.fields.map(({ name }) => name),
  );
  const select = (selector: string): Selector => compileSelector(selector, spec.format);
  return {
    name: spec.name,
    format: spec.format,
    shape: spec.shape,
    fields: new Map(spec.fields.map(({ name, from }) => [name, select(from)])),
    primaryKey: spec.primaryKey === undefined ? undefined : select(spec.primaryKey),
    subject: spec.subject === undefined ? undefined : select(spec.subject),
  };
}
