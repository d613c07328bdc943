import type { EntityType } from '../types.js';
import type { PlacedTerm } from './compromise-names.js';
import { isUnknownName } from './shape-names.js';

const ORGANIZATION =
  /^(?:Inc|Corp|Corporation|LLC|LLP|Ltd|Limited|GmbH|AG|PLC|Co|Company|Bank|University|College|School|Hospital|Clinic|Institute|Foundation|Group|Holdings|Partners|Solutions|Systems|Technologies|Insurance|Airlines|Airways|Health|Healthcare|Medical|Pharmacy|Pharmaceuticals|Industries|Associates|Consulting|Logistics|Motors|Energy|Capital|Financial|Credit|Union|Association|Agency|Council|Committee|Ministry|Commission|Services|Labs|Laboratories|Media|Press|Times|Studios|Restaurant|Hotel|Church)\.?$/;
const PLACE =
  /^(?:City|County|Park|Valley|River|Lake|Mountain|Mount|Island|Islands|Bay|Beach|Hills|Springs|Falls|Village|Town|Bridge|Airport|Station|District|Province|Heights)$/;
const BEFORE_PLACE =
  /(?:^|\s)(?:in|at|near|from|to|outside|around|visit|visiting|downtown|via|through)\s+(?:the\s+)?$/i;

/**
 * Scores of unknown capitalised runs: the share that touches a gold entity on the same files as in
 * score-name.ts. At the start of a sentence a capital says little.
 */
const SCORE = {
  inner: 0.56,
  innerMixed: 0.45,
  start: 0.25,
  startSubject: 0.6,
  startMore: 0.5,
  organization: 0.72,
};

const DERIVED = /(?:ly|ing|ed|tion|ness|able|ful|ous|ive|al|ic|est|er|s)$/;
const FINITE = ['Copula', 'Auxiliary', 'PastTense'];

/** A word without an English ending before a finite verb: `Priya was`, not `Hopefully was`. */
function isSubject(term: PlacedTerm, next: PlacedTerm | undefined): boolean {
  return !DERIVED.test(term.text) && next !== undefined && FINITE.some((tag) => next.tags.has(tag));
}

/** Type and score of a run of capitalised words that no list has. */
export function scoreUnknown(
  text: string,
  run: readonly PlacedTerm[],
  next: PlacedTerm | undefined,
): { readonly type: EntityType; readonly pattern: string; readonly score: number } {
  const first = run[0];
  const before = text.slice(Math.max(0, (first?.start ?? 0) - 24), first?.start);
  if (run.length > 1 && run.some(({ text: word }) => ORGANIZATION.test(word))) {
    return { type: 'ORGANIZATION', pattern: 'organization-word', score: SCORE.organization };
  }
  const place = run.some(({ text: word }) => PLACE.test(word)) || BEFORE_PLACE.test(before);
  const type = place ? 'LOCATION' : 'PERSON';
  if (first?.firstInSentence === true) {
    if (run.length > 1) return { type, pattern: 'unknown-at-start', score: SCORE.startMore };
    const subject = isSubject(first, next);
    const pattern = subject ? 'unknown-subject' : 'unknown-at-start';
    return { type, pattern, score: subject ? SCORE.startSubject : SCORE.start };
  }
  const score = run.every(isUnknownName) ? SCORE.inner : SCORE.innerMixed;
  return { type, pattern: 'unknown-capitalised', score };
}
