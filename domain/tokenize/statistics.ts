import type { TokenizeReport } from '../../schemas/index.js';

export type DropReason = keyof TokenizeReport['dropped'];

// Upper ends, inclusive; the last is open.
const LENGTH_BUCKETS = [32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, null] as const;

/** Counts of one sequence, or of a record that gave none. */
export type Tally =
  | { readonly dropped: DropReason }
  | {
      readonly dropped?: never;
      readonly tokens: number;
      readonly trainedTokens: number;
      readonly heldOut: boolean;
      readonly truncated: boolean;
    };

function emptyReport(maxLength: number): TokenizeReport {
  return {
    schema: 'custos.tokenize-report.v1',
    maxLength,
    records: 0,
    sequences: 0,
    heldOut: 0,
    truncated: 0,
    dropped: {
      'no-response': 0,
      'special-token': 0,
      'template-refused': 0,
      'response-truncated': 0,
    },
    tokens: 0,
    trainedTokens: 0,
    heldOutTokens: 0,
    longest: 0,
    lengths: LENGTH_BUCKETS.map((upTo) => ({ upTo, sequences: 0 })),
  };
}

function add(report: TokenizeReport, tally: Tally): void {
  report.records++;
  if (tally.dropped !== undefined) {
    report.dropped[tally.dropped]++;
    return;
  }
  report.sequences++;
  report.tokens += tally.tokens;
  report.longest = Math.max(report.longest, tally.tokens);
  if (tally.truncated) report.truncated++;
  if (tally.heldOut) {
    report.heldOut++;
    report.heldOutTokens += tally.trainedTokens;
  } else report.trainedTokens += tally.trainedTokens;
  const bucket = report.lengths.find(({ upTo }) => upTo === null || tally.tokens <= upTo);
  if (bucket !== undefined) bucket.sequences++;
}

/** Token statistics of a shard. */
export function countTokens(tallies: Iterable<Tally>, maxLength: number): TokenizeReport {
  const report = emptyReport(maxLength);
  for (const tally of tallies) add(report, tally);
  return report;
}

/** The statistics of all shards together. */
export function mergeTokenReports(
  reports: readonly TokenizeReport[],
  maxLength: number,
): TokenizeReport {
  const merged = emptyReport(maxLength);
  const sums = [
    'records',
    'sequences',
    'heldOut',
    'truncated',
    'tokens',
    'trainedTokens',
    'heldOutTokens',
  ] as const;
  for (const report of reports) {
    for (const name of sums) merged[name] += report[name];
    for (const reason of Object.keys(merged.dropped) as DropReason[]) {
      merged.dropped[reason] += report.dropped[reason];
    }
    merged.longest = Math.max(merged.longest, report.longest);
    merged.lengths.forEach((bucket, index) => {
      bucket.sequences += report.lengths[index]?.sequences ?? 0;
    });
  }
  return merged;
}
