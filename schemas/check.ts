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

/** The violations of the last call of `validator`; errors of `if`/`oneOf` wrappers follow their causes. */
export function violationsOf(validator: ValidateFunction): Violation[] {
  return (validator.errors ?? []).map((error) => ({
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
