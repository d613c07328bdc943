import {
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  visit,
  type Document,
  type Node,
  type Pair,
} from 'yaml';
import { validatePolicyDocument, violationsOf, type PolicyDocument } from '../schemas/index.js';
import { PolicyError } from './errors.js';
import { parentPointer, pointerToken } from './json.js';

/** A policy document with the place of each of its members in the YAML text. */
export interface ParsedPolicy {
  readonly document: PolicyDocument;
  /** What the text was named by: a file. */
  readonly file: string;
  /** JSON pointer -> 1-based line. */
  readonly lines: ReadonlyMap<string, number>;
}

/**
 * Parses one policy pack.
 * @param text YAML 1.2 (JSON is YAML too)
 * @param name names the text in errors: a pack's name or a file
 * @throws PolicyError POLICY_SYNTAX with the line, POLICY_SCHEMA with line and pointer
 */
export function parsePolicyText(text: string, name: string): ParsedPolicy {
  const counter = new LineCounter();
  const tree = parseDocument(text, { lineCounter: counter, uniqueKeys: true, version: '1.2' });
  const syntax = [...tree.errors, ...tree.warnings];
  if (syntax.length > 0) {
    const problems = syntax.map((error) => ({
      document: name,
      pointer: '/',
      line: counter.linePos(error.pos[0]).line,
      expected: `readable YAML (${error.code})`,
    }));
    throw new PolicyError('POLICY_SYNTAX', `${name} is not readable YAML:`, problems);
  }
  refuseAliases(tree, name, counter);
  const lines = new Map<string, number>();
  placeNode(tree.contents, '', lines, (offset) => counter.linePos(offset).line);
  return { document: checkDocument(tree.toJS(), name, lines), file: name, lines };
}

// An alias makes one line mean two things, and a nest of them exhausts memory.
function refuseAliases(tree: Document.Parsed, name: string, counter: LineCounter): void {
  visit(tree, {
    Alias: (_, alias) => {
      const line = counter.linePos(alias.range?.[0] ?? 0).line;
      throw new PolicyError('POLICY_SYNTAX', `${name} uses a YAML alias:`, [
        { document: name, pointer: '/', line, expected: 'the value itself' },
      ]);
    },
  });
}

function checkDocument(
  value: unknown,
  name: string,
  lines: ReadonlyMap<string, number>,
): PolicyDocument {
  if (validatePolicyDocument(value)) return value;
  const problems = violationsOf(validatePolicyDocument).map(({ pointer, expected }) => ({
    document: name,
    pointer,
    ...lineOf(lines, pointer),
    expected,
  }));
  throw new PolicyError('POLICY_SCHEMA', `${name} is not a policy document:`, problems);
}

/** The line of `pointer`, or of its nearest ancestor in the text. */
export function lineOf(
  lines: ReadonlyMap<string, number>,
  pointer: string,
): { readonly line?: number } {
  for (let at = pointer; ; at = parentPointer(at)) {
    const line = lines.get(at);
    if (line !== undefined) return { line };
    if (at === '/') return {};
  }
}

function placeNode(
  node: unknown,
  pointer: string,
  lines: Map<string, number>,
  lineAt: (offset: number) => number,
): void {
  const start = (node as Node | null)?.range?.[0];
  const key = pointer === '' ? '/' : pointer;
  if (start !== undefined && !lines.has(key)) lines.set(key, lineAt(start));
  if (isSeq(node)) {
    node.items.forEach((item, index) => {
      placeNode(item, `${pointer}/${index}`, lines, lineAt);
    });
  }
  if (!isMap(node)) return;
  for (const pair of node.items as readonly Pair[]) {
    if (!isScalar(pair.key)) continue;
    const child = `${pointer}/${pointerToken(String(pair.key.value))}`;
    const keyStart = pair.key.range?.[0];
    if (keyStart !== undefined) lines.set(child, lineAt(keyStart));
    placeNode(pair.value, child, lines, lineAt);
  }
}
