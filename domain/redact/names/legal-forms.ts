import type { Span } from '../types.js';

/** Forms of firms that are hardly anything else behind a name. */
const FORMS = [
  String.raw`GmbH(?: & Co\.? KG(?:aA)?)?`,
  'UG|OHG|KGaA|eG|e\\.V\\.|Stiftung',
  String.raw`Inc\.?|Incorporated|Corp\.?|Corporation|LLC|L\.L\.C\.|LLP|Ltd\.?|Limited|PLC|plc|Pty\.? Ltd\.?`,
  String.raw`S\.? ?A\.? ?R\.? ?L\.?|SARL|SAS|S\.A\.S\.?|S\.A\.|EURL|SCI|S\.C\.|SNC|SRL`,
  String.raw`S\.? ?p\.? ?A\.?|SPA|S\.? ?r\.? ?l\.?|s\.n\.c\.|S\.n\.c\.`,
  String.raw`S\.L\.(?:[A-Z]\.?){0,3}|S\.Coop\.?|S\.Com\.?|S\.A\.[A-Z]\.?`,
  String.raw`Ltda\.?|LTDA\.?|S/A|EIRELI`,
  String.raw`B\.V\.|N\.V\.|V\.O\.F\.`,
  String.raw`ApS|A/S|I/S|K/S|ASA|Oyj?|Osk|ry|RFH`,
  String.raw`Sp\. ?(?:z ?o\. ?o\.|[jkp]\.)|S\.K\.A\.|s\.c\.`,
  String.raw`s\.r\.o\.|a\.s\.|v\.o\.s\.|o\.s\.|k\.s\.`,
  String.raw`j?\.?d\.o\.o\.|d\.d\.|Zrt\.|Nyrt\.|Kft\.|Bt\.|Kkt\.`,
  String.raw`A\.Ş\.|Ltd\. Şti\.|Şti\.`,
]
  .join('|')
  // A name may end before the last dot.
  .replace(/\\\.(?=\||$|\))/g, '\\.?');
/** These end the names of places too: `Calgary AB`, `Adelaide SA`. */
const SHORT_FORMS = 'AG|KG|SA|SE|NV|BV|AB|AS|KK|RA';
/** Who else the firm is, behind one name. */
const PARTNERS = String.raw`(?:Söhne|Sohn|Sons?|Co\.?|co\.|Partners?|Cie\.?|Compagnie|Fils|Frères|figli|Figli|Filhos|Hijos|hijos|Asociados|asociados|Associates|Associés|syn|synowie|Søn|Sønner|Sön|Zoon|Zonen|Company|Brothers)`;
/** With a word in place of `&` they may be a family: `Bob and Sons went home`. */
const OF_FIRMS = String.raw`(?:und|and|et|e|y|i|og|och|en) ${PARTNERS}|Gruppen|Groep|Gruppe|Group|Holding`;

const isEnd = String.raw`(?![\p{L}\p{N}])`;
const follows = (forms: string): RegExp =>
  new RegExp(String.raw`^(?:,? (?:& ${PARTNERS}|${forms})${isEnd}){1,2}`, 'u');
const endsIn = (forms: string): RegExp =>
  new RegExp(String.raw`[\p{L}\p{N}.],? (?:& ${PARTNERS}|${forms})\.?$`, 'u');

const LONG = { follows: follows(FORMS), endsIn: endsIn(FORMS) };
const ANY_FORM = `${FORMS}|${SHORT_FORMS}|${OF_FIRMS}`;
/** By what the name is called without its form. */
const FORMS_OF: Partial<Record<Span['type'], typeof LONG>> = {
  LOCATION: LONG,
  PERSON: { follows: LONG.follows, endsIn: endsIn(`${FORMS}|${SHORT_FORMS}`) },
  ORGANIZATION: { follows: follows(ANY_FORM), endsIn: endsIn(ANY_FORM) },
};
/** `Klausen & Søn`, `Pettersen og Nguyen`: two names of one firm. */
const JOINED = /^ (?:&|und|and|et|e|y|i|og|och|en) $/u;
const MOST = 40;

/** The dot behind `S.Coop` and `Kft` is theirs, that behind `Inc` ends a sentence where one may end. */
const OWN_DOT = /(?:\.\p{L}{1,4}|Zrt|Kft|Bt|Kkt|Nyrt|Şti)$/u;
const SENTENCE_END = /^(?:\s*$|\s+\p{Lu}|\s*\n)/u;

/** The end of the form that stands behind a span, or where the span ends in one; -1 where there is none. */
function formEnd(text: string, { type, start, end }: Span): number {
  const { follows: behind, endsIn: within } = FORMS_OF[type] ?? LONG;
  const next = behind.exec(text.slice(end, end + MOST));
  if (next === null && !within.test(text.slice(start, end))) return -1;
  const last = end + (next?.[0].length ?? 0);
  const bare = text.charAt(last - 1) === '.' ? last - 1 : last;
  if (OWN_DOT.test(text.slice(start, bare))) return text.charAt(bare) === '.' ? bare + 1 : bare;
  return SENTENCE_END.test(text.slice(last, last + 4)) ? bare : last;
}

/**
 * A name with the legal form of a firm behind it is an organization, form and partners included:
 * `Kern GmbH`, `Sjölund AB`, `Geiger & Söhne`, `Mortensen & Søn A/S`.
 * @param spans names in order, without overlap
 */
export function withLegalForms(text: string, spans: readonly Span[]): Span[] {
  const firms: Span[] = [];
  for (const span of spans) {
    const before = firms.at(-1);
    if (before !== undefined && span.start < before.end) {
      if (span.end > before.end) firms.splice(-1, 1, { ...before, end: span.end });
      continue;
    }
    const end = formEnd(text, span);
    if (end < 0) {
      firms.push(span);
      continue;
    }
    const isPair =
      before !== undefined &&
      before.type !== 'ORGANIZATION' &&
      JOINED.test(text.slice(before.end, span.start));
    if (isPair) firms.pop();
    const explanation = { ...span.explanation, pattern: 'legal-form' };
    firms.push({
      ...span,
      start: isPair ? before.start : span.start,
      end,
      type: 'ORGANIZATION',
      explanation,
    });
  }
  return firms;
}
