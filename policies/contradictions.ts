import type { Policy } from '../schemas/index.js';
import { findActionFaults } from './entity-actions.js';
import { findRecognizerFaults } from './own-recognizers.js';

interface Rule {
  readonly pointer: string;
  readonly expected: string;
  readonly broken: (policy: Policy) => boolean;
}

// What a schema cannot say: members that are each legal and together make a stage that cannot
// pass, or a check that cannot fail.
const RULES: readonly Rule[] = [
  {
    pointer: '/ingest/minContentChars',
    expected: 'at most /ingest/maxContentChars',
    broken: ({ ingest }) => ingest.minContentChars > ingest.maxContentChars,
  },
  {
    pointer: '/minimize/minChars',
    expected: 'at most /minimize/maxChars',
    broken: ({ minimize }) => minimize.minChars > minimize.maxChars,
  },
  {
    pointer: '/redact/reviewBelow',
    expected: 'at least /redact/minScore, or no span could ever reach a reviewer',
    broken: ({ redact }) => redact.reviewBelow < redact.minScore,
  },
  {
    pointer: '/review/escalateAfterMinutes',
    expected: 'after /review/remindAfterMinutes and before /review/expireAfterMinutes',
    broken: ({ review }) =>
      review.escalateAfterMinutes < review.remindAfterMinutes ||
      review.escalateAfterMinutes >= review.expireAfterMinutes,
  },
  {
    pointer: '/review/required',
    expected: 'true, because /release/requires lists review',
    broken: ({ review, release }) => !review.required && release.requires.includes('review'),
  },
  {
    pointer: '/audit/maxExposureBits',
    expected: 'below log2 of /inject/references, or the audit could not fail',
    broken: ({ audit, inject }) => audit.maxExposureBits >= Math.log2(inject.references),
  },
  {
    pointer: '/audit/minCanariesRead',
    expected:
      'at most a quarter of the once-inserted canaries, or unlucky coins would shut the gate',
    broken: ({ audit, inject: { canaries, repetitions } }) => {
      const tiers = Array.from({ length: canaries }, (_, i) => repetitions[i % repetitions.length]);
      return audit.minCanariesRead * 4 > tiers.filter((tier) => tier === 1).length;
    },
  },
  {
    pointer: '/audit/maxVerbatim',
    expected: 'below /audit/extractionSequences, or the audit could not fail',
    broken: ({ audit }) => audit.maxVerbatim >= audit.extractionSequences,
  },
  {
    pointer: '/inject/repetitions',
    expected: 'a tier of 1, the only one that speaks about a single record',
    broken: ({ inject }) => !inject.repetitions.includes(1),
  },
  {
    pointer: '/inject/secretTokens',
    expected: 'less than half of /tokenize/maxLength, or canaries would be truncated',
    broken: ({ inject, tokenize }) => inject.secretTokens * 2 > tokenize.maxLength,
  },
  {
    pointer: '/release/maxHeldOutLossRatio',
    expected: 'a limit, because /release/requires lists held-out',
    broken: ({ release }) =>
      release.requires.includes('held-out') && release.maxHeldOutLossRatio === undefined,
  },
];

/** The contradictions in a policy that matches its schema. */
export function findContradictions(
  policy: Policy,
): readonly { readonly pointer: string; readonly expected: string }[] {
  const broken = RULES.filter((rule) => rule.broken(policy));
  return [
    ...findActionFaults(policy.redact.entities),
    ...findRecognizerFaults(policy.redact),
    ...broken.map(({ pointer, expected }) => ({ pointer, expected })),
  ];
}
