import type { IngestReport } from '../schemas/index.js';
import { table } from './app.js';
import { figure } from './stage-words.js';

/** One line of the account: what came in, what went out and why, what was left. */
export interface AccountLine {
  readonly kind: 'in' | 'out' | 'left';
  readonly what: string;
  readonly count: number;
  readonly note?: string;
}

/** Counts of a run's stages, as their signed results have them. */
export interface AccountSources {
  readonly ingest: Pick<IngestReport, 'rows' | 'records' | 'badByReason'>;
  readonly redact: Readonly<Record<string, number>>;
  readonly apply: Readonly<Record<string, number>>;
  readonly plan: Readonly<Record<string, number>>;
  readonly tokenize: Readonly<Record<string, number>>;
  readonly inject: Readonly<Record<string, number>>;
  readonly train: Readonly<Record<string, number>>;
}

const of = (counts: Readonly<Record<string, number>>, name: string): number => counts[name] ?? 0;

const reasonsOf = (reasons: Readonly<Record<string, number | undefined>>): string =>
  Object.entries(reasons)
    .map(([reason, count]) => `${reason} ${String(count ?? 0)}`)
    .join(', ');

/** For which types records were dropped; a record may hold several. */
function droppedFor(redact: Readonly<Record<string, number>>): Pick<AccountLine, 'note'> {
  const prefix = 'dropped.';
  const types = Object.entries(redact).filter(([name]) => name.startsWith(prefix));
  if (types.length === 0) return {};
  const counts = types.map(([name, count]) => [name.slice(prefix.length), count] as const);
  return { note: `they hold ${reasonsOf(Object.fromEntries(counts))}` };
}

/** Every record from the rows that were read to the adapter; each "left" is the sum so far. */
export function recordAccount(sources: AccountSources): readonly AccountLine[] {
  const { ingest, redact, apply, plan, tokenize, inject, train } = sources;
  const quarantined = Object.values(ingest.badByReason).reduce((sum, count) => sum + count, 0);
  const heldOut = of(tokenize, 'heldOut');
  const trainingSet = of(tokenize, 'sequences') - heldOut;
  return [
    { kind: 'in', what: 'rows read from the sources', count: ingest.rows },
    {
      kind: 'out',
      what: 'quarantined: no record could be made of them',
      count: quarantined,
      ...(quarantined === 0 ? {} : { note: reasonsOf(ingest.badByReason) }),
    },
    { kind: 'left', what: 'ingested', count: ingest.records },
    {
      kind: 'out',
      what: 'dropped whole by the redaction policy',
      count: of(redact, 'dropped'),
      ...droppedFor(redact),
    },
    { kind: 'out', what: 'rejected by the reviewer', count: of(apply, 'rejected') },
    { kind: 'out', what: 'exact duplicates of a kept record', count: of(plan, 'exact') },
    { kind: 'out', what: 'near duplicates of a kept record', count: of(plan, 'near') },
    { kind: 'out', what: 'too short', count: of(plan, 'short') },
    { kind: 'out', what: 'too long', count: of(plan, 'long') },
    { kind: 'out', what: 'over the record budget', count: of(plan, 'budget') },
    { kind: 'left', what: 'kept', count: of(plan, 'kept') },
    { kind: 'out', what: 'without a token to learn from', count: of(tokenize, 'dropped') },
    {
      kind: 'out',
      what: 'held out',
      count: heldOut,
      note: 'measured before and after training, never trained on',
    },
    { kind: 'left', what: 'training set', count: trainingSet },
    {
      kind: 'in',
      what: 'canary sequences',
      count: of(train, 'examples') - trainingSet,
      note: `made up to measure leaks, in no dataset; coins decided which of ${figure(of(inject, 'canaries'))} went in`,
    },
    { kind: 'left', what: 'sequences given to training', count: of(train, 'examples') },
  ];
}

/** Whether every "left" is the sum of what stands above it. */
export function addsUp(account: readonly AccountLine[]): boolean {
  let sum = 0;
  return account.every(({ kind, count }) => {
    if (kind === 'left') return count === sum;
    sum += kind === 'in' ? count : -count;
    return true;
  });
}

const SIGNS = { in: '+', out: '-', left: '=' } as const;

/** The account as a column of figures; reasons that took nothing are left out. */
export function describeAccount(account: readonly AccountLine[]): string {
  const shown = account.filter(({ kind, count }) => kind !== 'out' || count > 0);
  const width = Math.max(...shown.map(({ count }) => figure(count).length));
  return table(
    shown.map(({ kind, what, count, note }) => [
      `  ${SIGNS[kind]} ${figure(count).padStart(width)}`,
      note === undefined ? what : `${what} (${note})`,
    ]),
  );
}
