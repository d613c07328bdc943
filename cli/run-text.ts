import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, visit } from 'yaml';
import { validateRunRequest, violationsOf, type RunRequest } from '../schemas/index.js';
import { CliError } from './errors.js';

export interface ParsedRun {
  readonly request: RunRequest;
  /** `file:line: pointer`, of the nearest member that the text has. */
  readonly placeOf: (pointer: string) => string;
}

const unescape = (token: string): string => token.replaceAll('~1', '/').replaceAll('~0', '~');

/** Character offset of the member that a JSON pointer names, or of its nearest parent. */
function offsetOf(contents: unknown, pointer: string): number {
  let node = contents;
  let offset = (node as { range?: readonly number[] } | null)?.range?.[0] ?? 0;
  for (const token of pointer.split('/').slice(1).map(unescape)) {
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === token);
      if (!isScalar(pair?.key)) return offset;
      offset = pair.key.range?.[0] ?? offset;
      node = pair.value;
    } else if (isSeq(node)) {
      node = node.items[Number(token)];
      offset = (node as { range?: readonly number[] } | undefined)?.range?.[0] ?? offset;
    } else return offset;
  }
  return offset;
}

/**
 * Parses a run file.
 * @param path names the file in errors
 * @throws CliError RUN_FILE_INVALID with line, JSON pointer and what was expected
 */
export function parseRunText(text: string, path: string): ParsedRun {
  const counter = new LineCounter();
  const tree = parseDocument(text, { lineCounter: counter, uniqueKeys: true });
  const unreadable = (offset: number, what: string): never => {
    const line = String(counter.linePos(offset).line);
    throw new CliError('RUN_FILE_INVALID', `${path}:${line}: ${what}; mend this line`);
  };
  const [broken] = [...tree.errors, ...tree.warnings];
  if (broken !== undefined) unreadable(broken.pos[0], `not readable YAML (${broken.code})`);
  visit(tree, (_, node) => {
    if (isAlias(node)) unreadable(node.range?.[0] ?? 0, 'a YAML alias; write the value itself');
  });
  const placeOf = (pointer: string): string =>
    `${path}:${String(counter.linePos(offsetOf(tree.contents, pointer)).line)}: ${pointer}`;
  const value: unknown = tree.toJS();
  if (validateRunRequest(value)) return { request: value, placeOf };
  const lines = violationsOf(validateRunRequest).map(
    ({ pointer, expected }) => `  ${placeOf(pointer)}: ${expected}`,
  );
  throw new CliError(
    'RUN_FILE_INVALID',
    `the run file does not match its schema; mend these lines:\n${lines.join('\n')}`,
  );
}
