export type PolicyErrorCode =
  | 'POLICY_SYNTAX'
  | 'POLICY_SCHEMA'
  | 'POLICY_UNKNOWN'
  | 'POLICY_PARENT_UNKNOWN'
  | 'POLICY_CYCLE'
  | 'POLICY_DUPLICATE'
  | 'POLICY_CONTRADICTION'
  | 'POLICY_ENTITY_UNKNOWN'
  | 'POLICY_LOCKED';

/** One thing wrong with a policy: in which document, where in it, and what was expected there. */
export interface PolicyProblem {
  readonly document: string;
  /** The file that the document was read from. */
  readonly file?: string;
  /** JSON pointer into the document; `/` is the whole of it. */
  readonly pointer: string;
  /** 1-based line of the YAML text, where the pointer (or the nearest parent written there) stands. */
  readonly line?: number;
  readonly expected: string;
}

/** A policy that cannot be used. The message lists at most ten problems, `problems` all of them. */
export class PolicyError extends Error {
  constructor(
    readonly code: PolicyErrorCode,
    summary: string,
    readonly problems: readonly PolicyProblem[],
    options?: { cause?: unknown },
  ) {
    super(
      [summary, ...problems.slice(0, 10).map(problemLine), ...more(problems)].join('\n'),
      options,
    );
    this.name = 'PolicyError';
  }
}

function problemLine({ document, file, pointer, line, expected }: PolicyProblem): string {
  const name = file ?? document;
  const place = line === undefined ? name : `${name}:${line}`;
  return `  ${place} ${pointer}: ${expected}`;
}

function more(problems: readonly PolicyProblem[]): string[] {
  return problems.length > 10 ? [`  and ${problems.length - 10} more`] : [];
}
