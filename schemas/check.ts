import type { ErrorObject, ValidateFunction } from 'ajv';

/** One violation of a schema: where (JSON pointer) and what was expected. Never the value. */
export interface Violation {
  readonly pointer: string;
  readonly expected: string;
}

export class SchemaError extends Error {
  readonly code = 'SCHEMA_INVALID';

  constructor(
    readonly where: string,
    readonly violations: readonly Violation[],
  ) {
    const lines = violations
      .slice(0, 10)
      .map(({ pointer, expected }) => `  ${pointer}: ${expected}`);
    const more = violations.length > 10 ? `\n  and ${String(violations.length - 10)} more` : '';
    super(`${where} does not match its schema:\n${lines.join('\n')}${more}`);
    this.name = 'SchemaError';
  }
}

/** Words ajv's errors without quoting the instance: enumerations and constants come from the schema. */
function expectation(error: ErrorObject): string {
  const params = error.params as Record<string, unknown>;
  switch (error.keyword) {
    case 'additionalProperties':
      return `unknown property "${String(params['additionalProperty'])}"; remove it or mend its name`;
    case 'required':
      return `missing property "${String(params['missingProperty'])}"`;
    case 'enum':
      return `must be one of ${JSON.stringify(params['allowedValues'])}`;
    case 'const':
      return `must be ${JSON.stringify(params['allowedValue'])}`;
    default:
      return error.message ?? error.keyword;
  }
}

/** The member that is wrong: of an unknown property itself, of anything else what the error names. */
function pointerOf({ instancePath, keyword, params }: ErrorObject): string {
  const unknown: unknown =
    keyword === 'additionalProperties' ? params['additionalProperty'] : undefined;
  if (typeof unknown === 'string') {
    return `${instancePath}/${unknown.replaceAll('~', '~0').replaceAll('/', '~1')}`;
  }
  return instancePath === '' ? '/' : instancePath;
}

const WRONG_KIND: ReadonlySet<string> = new Set(['type', 'enum', 'const']);

/** The errors below one `anyOf`, without those of the forms that the value does not have at all. */
function ofFittingForms(choice: ErrorObject, below: readonly ErrorObject[]): ErrorObject[] {
  const formOf = ({ schemaPath }: ErrorObject): string =>
    schemaPath.slice(choice.schemaPath.length).split('/')[1] ?? '';
  const isWrongKind = ({ instancePath, keyword }: ErrorObject): boolean =>
    instancePath === choice.instancePath && WRONG_KIND.has(keyword);
  const misfits = new Set(below.filter(isWrongKind).map(formOf));
  const fitting = below.filter((error) => !misfits.has(formOf(error)));
  return fitting.length > 0 ? fitting : below.filter(({ keyword }) => keyword !== 'type');
}

/**
 * What is wrong, of all that ajv reports: of a value that may have one of several forms (`anyOf`)
 * only the errors of the form that it has.
 */
export function causesOf(errors: readonly ErrorObject[] | null | undefined): ErrorObject[] {
  let left = [...(errors ?? [])];
  for (const choice of left.filter(({ keyword }) => keyword === 'anyOf')) {
    const isBelow = ({ schemaPath, instancePath }: ErrorObject): boolean =>
      schemaPath.startsWith(`${choice.schemaPath}/`) &&
      `${instancePath}/`.startsWith(`${choice.instancePath}/`);
    const below = left.filter(isBelow);
    const kept = new Set(ofFittingForms(choice, below));
    left = left.filter((error) => error !== choice && (!below.includes(error) || kept.has(error)));
  }
  return left;
}

/** The violations of the last call of `validator`; errors of `if`/`oneOf` wrappers follow their causes. */
export function violationsOf(validator: ValidateFunction): Violation[] {
  return causesOf(validator.errors).map((error) => ({
    pointer: pointerOf(error),
    expected: expectation(error),
  }));
}

/**
 * Returns `value` as the validator's type.
 * @param where names the document in the error: a file, an artifact digest, a step's input
 * @throws SchemaError naming each violation's JSON pointer and what was expected
 */
export function check<T>(validator: ValidateFunction<T>, value: unknown, where: string): T {
  if (validator(value)) return value;
  throw new SchemaError(where, violationsOf(validator));
}
