import type { LeakReport, Policy } from '../../schemas/index.js';
import { shareInterval } from './binomial.js';
import type { CanaryFigures } from './canary-figures.js';
import type { ExtractionResult } from './extraction.js';
import type { GenerationScan } from './scan-generations.js';

/** An attack's result, or the code of what kept it from one. */
export type Attack<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly code: string };

/** Runs an attack; an error becomes its code, never its message, which may quote what was said. */
export async function runAttack<T>(attack: () => Promise<T> | T): Promise<Attack<T>> {
  try {
    return { ok: true, value: await attack() };
  } catch (error) {
    const code = (error as { code?: unknown } | undefined)?.code;
    const known = typeof code === 'string' && /^[A-Z][A-Z_]{2,40}$/.test(code);
    return { ok: false, code: known ? code : 'ATTACK_FAILED' };
  }
}

export interface Extractions {
  readonly adapter: readonly ExtractionResult[];
  readonly base: readonly ExtractionResult[];
}

export interface LeakReportInput {
  readonly adapterDigest: string;
  readonly coinCommitment: string;
  readonly policy: Policy['audit'];
  readonly canaries: Attack<CanaryFigures>;
  /** Attacks on the secrets of canaries that training read. */
  readonly secrets: Attack<Extractions>;
  /** Attacks on records that training read. */
  readonly records: Attack<Extractions>;
  readonly generations: Attack<GenerationScan>;
  /** The epsilon that the training claims; absent without differential privacy. */
  readonly claimedEpsilon?: number;
}

type Gate = LeakReport['gates'][number];
type ExtractionFigures = NonNullable<LeakReport['secrets']>;

function extractionFigures({ adapter, base }: Extractions, confidence: number): ExtractionFigures {
  const verbatim = adapter.filter((result) => result.verbatim).length;
  const matched = adapter.reduce((sum, { matchedTokens }) => sum + matchedTokens, 0);
  return {
    sequences: adapter.length,
    verbatim,
    baseVerbatim: base.filter((result) => result.verbatim).length,
    verbatimShare: shareInterval(verbatim, adapter.length, confidence),
    meanMatchedTokens: adapter.length === 0 ? 0 : matched / adapter.length,
  };
}

/** Open only for a finite figure within its limit; anything else shuts. */
function gate(name: Gate['name'], measured: number | null | undefined, limit: number): Gate {
  const figure = typeof measured === 'number' && Number.isFinite(measured) ? measured : null;
  return { name, measured: figure, limit, passed: figure !== null && figure <= limit };
}

function gatesOf(report: Omit<LeakReport, 'gates' | 'passed'>, input: LeakReportInput): Gate[] {
  const { policy, claimedEpsilon } = input;
  const once = report.canaries?.tiers.find(({ repetitions }) => repetitions === 1);
  // An attack on nothing found nothing: no figure.
  const verbatim = report.secrets?.sequences === 0 ? null : report.secrets?.verbatim;
  const scanned = report.generations?.generations === 0 ? null : report.generations?.vaultHits;
  const gates = [
    gate('attack-errors', report.errors.length, 0),
    gate('vault-hits', scanned?.adapterOnly, policy.maxVaultHits),
    gate('canary-shortage', once && Math.max(0, policy.minCanariesRead - once.read), 0),
    gate('canary-exposure', once?.meanExposureBits, policy.maxExposureBits),
    gate('verbatim-secrets', verbatim, policy.maxVerbatim),
  ];
  if (claimedEpsilon !== undefined) {
    gates.push(gate('claimed-epsilon', once?.epsilon?.lowerBound, claimedEpsilon));
  }
  return gates;
}

/** The leak report: counts, offsets and digests, never text. Passes only if every gate is open. */
export function leakReport(input: LeakReportInput): LeakReport {
  const { confidence } = input.policy;
  const attacks = [
    ['canaries', input.canaries],
    ['secrets', input.secrets],
    ['records', input.records],
    ['generations', input.generations],
  ] as const;
  const errors = attacks.flatMap(([attack, result]) =>
    result.ok ? [] : [{ attack, code: result.code }],
  );
  const figures = ({ ok, ...rest }: Attack<Extractions>): ExtractionFigures | null =>
    ok && 'value' in rest ? extractionFigures(rest.value, confidence) : null;
  const body = {
    schema: 'custos.leak-report.v1' as const,
    adapterDigest: input.adapterDigest,
    coinCommitment: input.coinCommitment,
    confidence,
    canaries: input.canaries.ok ? input.canaries.value : null,
    secrets: figures(input.secrets),
    records: figures(input.records),
    generations: input.generations.ok ? copyScan(input.generations.value) : null,
    errors,
  };
  const gates = gatesOf(body, input);
  return { ...body, gates, passed: gates.every(({ passed }) => passed) };
}

function copyScan(scan: GenerationScan): NonNullable<LeakReport['generations']> {
  const { byType, hits, vaultHits, ...counts } = scan;
  return {
    ...counts,
    vaultHits: { ...vaultHits },
    byType: Object.fromEntries(Object.entries(byType).map(([type, sides]) => [type, { ...sides }])),
    hits: hits.map((hit) => ({ ...hit })),
  };
}
