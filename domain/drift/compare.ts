import type { DriftReport } from '../../schemas/index.js';
import {
  divergence,
  gravest,
  rankBy,
  stabilityIndex,
  type Frequencies,
  type Index,
  type Rank,
} from './measures.js';

/** What is compared of a dataset. */
export interface DatasetFigures {
  readonly runId: string;
  readonly sizes: Readonly<Record<DriftReport['sizes'][number]['name'], number>>;
  readonly totalChars: number;
  /** Records by length; the key is the bin's upper end, `null` that of the open one. */
  readonly lengths: readonly { readonly upToChars: number | null; readonly count: number }[];
  /** Entity type -> removed spans. */
  readonly entities: Readonly<Record<string, number>>;
  /** Digest of the tokenizer; ids of two tokenizers cannot be compared. */
  readonly tokenizer: string;
  /** Token id -> occurrences; undefined where the tokens are gone. */
  readonly vocabulary: Frequencies | undefined;
}

const relative = (before: number, after: number): number =>
  before === 0 ? (after === 0 ? 0 : 1) : Math.abs(after - before) / before;

/** A figure below twice its mean by chance says nothing, whatever the customary limits. */
const rankIndex = ({ figure, byChance }: Index, shifted: number, changed: number): Rank =>
  figure < 2 * byChance ? 'stable' : rankBy(figure, shifted, changed);

function compareSizes(before: DatasetFigures, after: DatasetFigures): DriftReport['sizes'] {
  return (Object.keys(after.sizes) as DriftReport['sizes'][number]['name'][]).map((name) => {
    const [left, right] = [before.sizes[name], after.sizes[name]];
    return { name, before: left, after: right, rank: rankBy(relative(left, right), 0.1, 0.5) };
  });
}

function compareLengths(before: DatasetFigures, after: DatasetFigures): DriftReport['lengths'] {
  const ends = [...new Set([...before.lengths, ...after.lengths].map((bin) => bin.upToChars))];
  const counts = ({ lengths }: DatasetFigures) =>
    ends.map((end) => lengths.find(({ upToChars }) => upToChars === end)?.count ?? 0);
  const index = stabilityIndex(counts(before), counts(after));
  const mean = ({ totalChars, sizes }: DatasetFigures) => totalChars / Math.max(1, sizes.records);
  return {
    psi: Math.max(0, index.figure),
    psiByChance: index.byChance,
    rank: rankIndex(index, 0.1, 0.25),
    meanChars: { before: mean(before), after: mean(after) },
  };
}

/** Counts are taken as Poisson: a rate differs when it is three standard errors away. */
function rankRate(a: number, n: number, b: number, m: number): Rank {
  const error = Math.sqrt(a / n ** 2 + b / m ** 2);
  if (Math.abs(a / n - b / m) <= 3 * error) return 'stable';
  return rankBy(relative(a / n, b / m), 0.2, 0.5);
}

function compareEntities(before: DatasetFigures, after: DatasetFigures): DriftReport['entities'] {
  const types = new Set([...Object.keys(before.entities), ...Object.keys(after.entities)]);
  const [n, m] = [Math.max(1, before.sizes.records), Math.max(1, after.sizes.records)];
  return [...types].sort().map((type) => {
    const [a, b] = [before.entities[type] ?? 0, after.entities[type] ?? 0];
    const perThousand = { before: (1000 * a) / n, after: (1000 * b) / m };
    return { type, perThousand, rank: rankRate(a, n, b, m) };
  });
}

function compareVocabulary(
  before: DatasetFigures,
  after: DatasetFigures,
): DriftReport['vocabulary'] {
  const [left, right] = [before.vocabulary, after.vocabulary];
  if (left === undefined || right === undefined || before.tokenizer !== after.tokenizer)
    return null;
  const drift = divergence(left, right);
  return {
    distinct: { before: left.size, after: right.size },
    newShare: drift.newShare,
    divergenceBits: drift.figure,
    divergenceByChance: drift.byChance,
    // Limits of our own: 0.05 bit is what a tenth of another vocabulary mixed in gives.
    rank: rankIndex(drift, 0.05, 0.15),
  };
}

const percent = (before: number, after: number): string => {
  if (before === 0) return after === 0 ? 'as before' : 'new';
  const change = (100 * (after - before)) / before;
  return `${change >= 0 ? '+' : ''}${change.toFixed(0)}%`;
};

function findingsOf(report: Omit<DriftReport, 'findings' | 'rank'>): DriftReport['findings'] {
  const { sizes, lengths, entities, vocabulary } = report;
  const rate = (value: number) => value.toFixed(1);
  const { before, after } = lengths.meanChars;
  const all: DriftReport['findings'] = [
    ...sizes.map((size) => ({
      rank: size.rank,
      text: `${size.name}: ${String(size.before)} -> ${String(size.after)} (${percent(size.before, size.after)})`,
    })),
    {
      rank: lengths.rank,
      text: `lengths of records: mean ${before.toFixed(0)} -> ${after.toFixed(0)} characters, stability index ${lengths.psi.toFixed(3)} (${lengths.psiByChance.toFixed(3)} by chance)`,
    },
    ...entities.map(({ type, perThousand, rank }) => ({
      rank,
      text: `${type}: ${rate(perThousand.before)} -> ${rate(perThousand.after)} in a thousand records (${percent(perThousand.before, perThousand.after)})`,
    })),
  ];
  if (vocabulary !== null) {
    all.push({
      rank: vocabulary.rank,
      text: `vocabulary: ${(100 * vocabulary.newShare).toFixed(1)}% of the tokens are new, divergence ${vocabulary.divergenceBits.toFixed(3)} bits (${vocabulary.divergenceByChance.toFixed(3)} by chance)`,
    });
  }
  const differs = all.filter(({ rank }) => rank !== 'stable');
  return differs.sort((a, b) => Number(b.rank === 'changed') - Number(a.rank === 'changed'));
}

/** How the dataset after differs from that before: figures, a rank for each, and what to look at. */
export function compareDatasets(before: DatasetFigures, after: DatasetFigures): DriftReport {
  const report = {
    schema: 'custos.drift-report.v1' as const,
    before: before.runId,
    after: after.runId,
    sizes: compareSizes(before, after),
    lengths: compareLengths(before, after),
    entities: compareEntities(before, after),
    vocabulary: compareVocabulary(before, after),
  };
  const findings = findingsOf(report);
  return { ...report, rank: gravest(findings.map(({ rank }) => rank)), findings };
}
