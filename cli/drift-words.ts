import type { DriftReport } from '../schemas/index.js';

const WORDS: Readonly<Record<DriftReport['rank'], string>> = {
  stable: 'the dataset is as before, within chance',
  shifted: 'the dataset shifted: look at it',
  changed: 'the dataset changed: it is of another kind',
};

export function describeDrift({ before, after, rank, findings, vocabulary }: DriftReport): string {
  return [
    `${before} -> ${after}`,
    WORDS[rank],
    ...findings.map((finding) => `  ${finding.rank}  ${finding.text}`),
    ...(vocabulary === null ? ['  the vocabularies cannot be compared'] : []),
  ].join('\n');
}
