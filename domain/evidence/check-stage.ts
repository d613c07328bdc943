import { checkSignature, type SignedAct } from '../../policies/index.js';
import type { PromotionStatement, RegistryEntry } from '../../schemas/index.js';
import type { Bundle, BundledStatement } from './bundle-documents.js';
import { BUNDLE } from './bundle-layout.js';
import { approvalsOf } from './check-review.js';
import { actorOf } from './check-signatures.js';
import { unless, type Finding } from './findings.js';
import type { EvidenceKey } from './keys.js';

/**
 * A demo stays a demo: whoever signed, submitter included, since with a demo submitter nobody can
 * say that two people acted. Any later stage is the end of a chain of signed promotions.
 */
export function checkStage(bundle: Bundle, keys: readonly EvidenceKey[]): readonly Finding[] {
  const { entry, promotions, submission } = bundle;
  const signed = [submission, ...approvalsOf(bundle), ...promotions];
  const demo = signed.some((one) => isDemo(one, keys));
  const promoted = promotions.map(({ statement }) =>
    statement.predicateType === 'urn:custos:predicate:promotion:v1' ? statement : undefined,
  );
  const last = promoted.at(-1)?.predicate.to;
  const stages = last === undefined ? initialStages(demo) : [last];
  return [
    ...unless(
      stages.includes(entry.stage),
      BUNDLE.entry,
      `says ${entry.stage} where gates and signatures allow ${stages.join(' or ')}`,
    ),
    ...unless(
      !demo || !promoted.some((one) => one?.predicate.to !== 'revoked'),
      BUNDLE.entry,
      'an adapter with a demo signature was promoted',
    ),
    ...promoted.flatMap((statement, index) =>
      checkPromotion(bundle, statement, promoted[index - 1]?.predicate.to),
    ),
  ];
}

/** What a person does who moves an adapter to a stage. */
export const PROMOTION_ACTS = {
  released: 'release',
  revoked: 'revoke',
  candidate: 'rollback',
} as const satisfies Readonly<Record<PromotionStatement['predicate']['to'], SignedAct['action']>>;

/** The stages that an adapter may have before anybody promotes it. */
const initialStages = (demo: boolean): readonly RegistryEntry['stage'][] =>
  demo ? ['candidate (demo)'] : ['candidate', 'candidate (demo)'];

function isDemo(bundled: BundledStatement, keys: readonly EvidenceKey[]): boolean {
  if (actorOf(bundled)?.method === 'demo') return true;
  return bundled.envelope.signatures.some(({ keyid }) =>
    keys.some(({ keyId, demo }) => keyId === keyid && demo),
  );
}

function checkPromotion(
  { entry, policy }: Bundle,
  statement: PromotionStatement | undefined,
  before: string | undefined,
): readonly Finding[] {
  const file = BUNDLE.entry;
  if (statement === undefined) return [{ file, problem: 'holds a promotion that is none' }];
  const { predicate } = statement;
  const fits =
    predicate.adapterDigest === entry.adapterDigest &&
    predicate.name === entry.name &&
    predicate.version === entry.version &&
    predicate.from === (before ?? 'candidate');
  const { actor, to } = predicate;
  const nowMs = Date.parse(predicate.signedAt);
  const act = { actor, action: PROMOTION_ACTS[to], submitter: entry.submitter, nowMs };
  const refusals = checkSignature(act, policy);
  return [
    ...unless(fits, file, 'holds a promotion of another adapter or from another stage'),
    ...refusals.map(({ reason }) => ({ file, problem: reason })),
  ];
}
