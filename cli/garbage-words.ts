import type { Collection } from '../infra/garbage/index.js';
import { table } from './app.js';
import { describeTime } from './durations.js';

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

/** `512 B`, `3.4 MiB`. */
export function describeBytes(sizeBytes: number): string {
  let size = sizeBytes;
  let unit = 0;
  while (size >= 1024 && unit < UNITS.length - 1) {
    size /= 1024;
    unit += 1;
  }
  return `${unit === 0 ? String(size) : size.toFixed(1)} ${UNITS[unit] ?? ''}`;
}

const counted = (count: number, one: string, many = `${one}s`): string =>
  `${String(count)} ${count === 1 ? one : many}`;

function droppedWords({ memoEntries, checkpoints }: Collection): readonly string[] {
  if (memoEntries + checkpoints === 0) return [];
  const results = counted(memoEntries, 'stored result');
  return [`with them ${results} and ${counted(checkpoints, 'old checkpoint')}`];
}

function keptWords({ kept, openWorkflows, holds, cutOff }: Collection): string {
  const why = [counted(openWorkflows, 'open workflow'), counted(holds, 'hold')].join(', ');
  return `${counted(kept.count, 'artifact')} (${describeBytes(kept.sizeBytes)}) stay: ${why}; nothing of ${describeTime(cutOff)} or later goes`;
}

/** A collection for people: kinds and sums, never the name of a record. */
export function describeCollection(done: Collection): string {
  const { dryRun, artifacts, sizeBytes, kinds, spared, sweepId } = done;
  const sum = `${counted(artifacts, 'artifact')} (${describeBytes(sizeBytes)})`;
  const rows = kinds.map(({ class: kind, mediaType, count, sizeBytes: bytes, oldest }) => [
    kind,
    mediaType,
    String(count),
    describeBytes(bytes),
    describeTime(oldest),
  ]);
  return [
    artifacts === 0
      ? 'nothing to remove'
      : dryRun
        ? `would remove ${sum}; nothing was changed`
        : `removed ${sum}`,
    ...(rows.length === 0 ? [] : [table([['CLASS', 'KIND', 'COUNT', 'SIZE', 'OLDEST'], ...rows])]),
    ...droppedWords(done),
    ...(spared === 0 ? [] : [`${counted(spared, 'artifact')} spared: relied on meanwhile`]),
    keptWords(done),
    ...(sweepId === undefined ? [] : [`record ${sweepId}, signed and in the ledger`]),
  ].join('\n');
}
