import type { KeyParts, ShardSummary, StepRun } from '../../schemas/index.js';

/** A part of a memo key that is not what it was. A policy's name is its JSON pointer. */
export interface ChangedPart {
  readonly part: 'input' | 'param' | 'policy' | 'version' | 'model';
  readonly name: string;
}

/** Why a step was computed or reused, against the latest earlier run of the same step. */
export interface StepExplanation {
  readonly step: string;
  readonly outcome: StepRun['outcome'];
  /** Of a reused step: the run that computed it. */
  readonly from?: string;
  /** Of a computed step: why the memo did not hold. */
  readonly missed?: NonNullable<StepRun['missed']>;
  /** The run that was compared with; none when no earlier run got so far. */
  readonly comparedWith?: string;
  readonly changed: readonly ChangedPart[];
  readonly shards?: Omit<ShardSummary, 'parts'>;
}

/** What names the base model among inputs and parameters. */
const MODEL_NAMES = new Set([
  ...['model', 'tokenizer', 'tokenizerConfig'],
  ...['revision', 'modelFiles', 'baseModel', 'files'],
]);

const SECTIONS = [
  ['inputs', 'input'],
  ['params', 'param'],
  ['policy', 'policy'],
] as const satisfies readonly (readonly [keyof KeyParts, ChangedPart['part']])[];

function changedParts(now: KeyParts, before: KeyParts): ChangedPart[] {
  return SECTIONS.flatMap(([section, part]) => {
    const [mine, theirs] = [now[section], before[section]];
    const names = [...new Set([...Object.keys(mine), ...Object.keys(theirs)])].sort();
    return names
      .filter((name) => mine[name] !== theirs[name])
      .map((name) => ({
        part: part !== 'policy' && MODEL_NAMES.has(name) ? ('model' as const) : part,
        name,
      }));
  });
}

/** The step's name without its version: `custos.train` of `custos.train.v1`. */
const baseOf = (step: string): string => step.replace(/\.v[0-9]+$/, '');

function versionChange(now: string, before: string): ChangedPart[] {
  return now === before ? [] : [{ part: 'version', name: `${before} -> ${now}` }];
}

/** A stage over shards takes what its shards made: what changed for them is the reason. */
function changesOf(current: StepRun, previous: StepRun): readonly ChangedPart[] {
  const version = versionChange(current.step, previous.step);
  const [mine, theirs] = [current.shards, previous.shards];
  if (mine !== undefined && theirs !== undefined) {
    const ofShards = [
      ...versionChange(mine.step, theirs.step),
      ...changedParts(mine.parts, theirs.parts),
    ];
    if (ofShards.length > 0) return [...version, ...ofShards];
  }
  if (current.parts === undefined || previous.parts === undefined) return version;
  return [...version, ...changedParts(current.parts, previous.parts)];
}

/** Why a step was computed or reused; pure, from the evidence of its run and of an earlier one. */
export function explainStep(current: StepRun, previous: StepRun | undefined): StepExplanation {
  const { step, outcome, reusedFromRun, missed, shards } = current;
  const explained = {
    step,
    outcome,
    ...(previous === undefined ? {} : { comparedWith: previous.runId }),
    ...(shards === undefined ? {} : { shards: withoutParts(shards) }),
  };
  if (outcome === 'reused') {
    return { ...explained, changed: [], ...(reusedFromRun && { from: reusedFromRun }) };
  }
  const changed = previous === undefined ? [] : changesOf(current, previous);
  return { ...explained, changed, ...(missed && { missed }) };
}

function withoutParts({ parts: _, ...shards }: ShardSummary): Omit<ShardSummary, 'parts'> {
  return shards;
}

/** A run may do the same step for several purposes, such as a draw. */
const purposeOf = ({ parts }: StepRun): string | undefined => parts?.params['purpose'];

function sameStep(current: StepRun, run: readonly StepRun[]): StepRun | undefined {
  return run.find(
    (one) => baseOf(one.step) === baseOf(current.step) && purposeOf(one) === purposeOf(current),
  );
}

/**
 * Explains every step of a run.
 * @param earlier step runs of earlier runs for the same dataset and adapter, newest run first
 */
export function explainRun(
  current: readonly StepRun[],
  earlier: readonly (readonly StepRun[])[],
): readonly StepExplanation[] {
  return current.map((step) => {
    for (const run of earlier) {
      const found = sameStep(step, run);
      if (found !== undefined) return explainStep(step, found);
    }
    return explainStep(step, undefined);
  });
}

const MISSED: Readonly<Record<NonNullable<StepRun['missed']>, string>> = {
  absent: 'no stored result under this key',
  unverified: 'the stored result did not verify',
  'outputs-gone': 'an output of the stored result no longer opens',
};

const countOf = (count: number, of: number): string => `${String(count)} of ${String(of)} shards`;

function describeChanges({ changed, comparedWith, missed }: StepExplanation): string {
  if (changed.length > 0) {
    return changed.map(({ part, name }) => `${part} ${name} changed`).join(', ');
  }
  if (comparedWith === undefined) return 'no earlier run got so far';
  return missed === undefined ? 'nothing changed' : MISSED[missed];
}

/** One line for people, such as "498 of 500 shards reused, 2 computed: input shard changed". */
export function describeExplanation(explanation: StepExplanation): string {
  const { outcome, from, shards } = explanation;
  if (outcome === 'reused') return `reused from ${from ?? 'an earlier run'}`;
  const why = describeChanges(explanation);
  if (shards === undefined || shards.computed === shards.total) return `computed: ${why}`;
  const { total, computed } = shards;
  return `${countOf(total - computed, total)} reused, ${String(computed)} computed: ${why}`;
}
