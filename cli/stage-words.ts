import type { StageId } from '../policies/index.js';

type Counts = Readonly<Record<string, number>>;

/** The counts of a stage that people ask for, in their words; those marked `?` only when not 0. */
const WORDS: Readonly<Record<StageId, readonly (readonly [string, string])[]>> = {
  ingest: [
    ['records', 'records'],
    ['quarantined', 'rows quarantined'],
  ],
  assess: [
    ['files', 'files'],
    ['parameters', 'parameters'],
  ],
  redact: [
    ['spans', 'spans'],
    ['uncertain', 'uncertain'],
    ['dropped?', 'records dropped'],
  ],
  review: [
    ['items', 'records shown'],
    ['sample', 'of them a random sample'],
    ['misses', 'misses'],
  ],
  apply: [
    ['corrected', 'records corrected'],
    ['rejected', 'rejected'],
  ],
  minimize: [
    ['kept', 'kept'],
    ['exact?', 'exact duplicates'],
    ['near?', 'near duplicates'],
    ['short?', 'too short'],
    ['long?', 'too long'],
    ['budget?', 'over the budget'],
  ],
  inject: [
    ['canaries', 'canaries drawn'],
    ['references', 'references'],
  ],
  tokenize: [
    ['sequences', 'sequences'],
    ['heldOut', 'held out'],
    ['tokens', 'tokens'],
    ['dropped?', 'dropped'],
  ],
  train: [
    ['steps', 'steps'],
    ['examples', 'sequences to train on'],
    ['examplesRead?', 'of them read'],
  ],
  audit: [
    ['attacks', 'attacks'],
    ['errors', 'errors'],
  ],
  release: [
    ['gates', 'gates'],
    ['shut', 'shut'],
  ],
};

export const figure = (value: number): string =>
  value.toLocaleString('en-US', { maximumFractionDigits: 3 });

/** `1,911 kept, 67 exact duplicates`; empty before a stage has counts. */
export function describeStage(id: StageId, counts: Counts): string {
  return WORDS[id]
    .flatMap(([key, words]) => {
      const value = counts[key.replace('?', '')];
      if (value === undefined || (value === 0 && key.endsWith('?'))) return [];
      return `${figure(value)} ${words}`;
    })
    .join(', ');
}

interface Flow {
  readonly in: number;
  readonly out: number;
}

const of = (counts: Counts, name: string): number => counts[name] ?? 0;

/** Records (at ingest: rows) that a stage read and that it let through. */
const FLOWS: Readonly<Partial<Record<StageId, (counts: Counts) => Flow>>> = {
  ingest: (counts) => ({ in: of(counts, 'rows'), out: of(counts, 'records') }),
  redact: (counts) => ({
    in: of(counts, 'records'),
    out: of(counts, 'records') - of(counts, 'dropped'),
  }),
  apply: (counts) => ({
    in: of(counts, 'records'),
    out: of(counts, 'records') - of(counts, 'rejected'),
  }),
  minimize: (counts) => ({ in: of(counts, 'records'), out: of(counts, 'kept') }),
  tokenize: (counts) => ({
    in: of(counts, 'sequences') + of(counts, 'dropped'),
    out: of(counts, 'sequences'),
  }),
};

/** Undefined for a stage that lets no records through, or has no counts yet. */
export function flowOf(id: StageId, counts: Counts): Flow | undefined {
  return Object.keys(counts).length === 0 ? undefined : FLOWS[id]?.(counts);
}
