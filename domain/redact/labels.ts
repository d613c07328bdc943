import { KINDS } from './phrases.js';
import type { Recognizer, Span } from './types.js';

/** Acronyms of kinds of identifiers; in capitals or small letters none of them is also a name. */
const ACRONYMS: ReadonlySet<string> = new Set(
  (
    'aba bban bic bsn cnpj cpf cvc cvv dob ein eori gps hicn iban icd imei imsi itin kvnr mac mrn nino ' +
    'npi otp pesel pin plz psn rtn siren siret ssid ssn ssns tfn tin uid upn upi url uuid vat zip'
  ).split(' '),
);

/** Labels that people are called too. Written as a name is (`Swift: hello`) they are one. */
const ALSO_NAMES: ReadonlySet<string> = new Set(
  'age alter bar card dial fin geo iva loan nas nick nino pan pin ping reg ring rut said ship sin sofi swift tel vin'.split(
    ' ',
  ),
);

/** Between a label and its value, as far as it is needed to tell that one belongs to the other. */
const GAP = /^(?:[\s:=#(["'’|>*_-]|is|was|no\.?|number|nr\.?|id|code){0,12}$/i;
const GAP_CHARS = 16;
const ENDS_IN_KIND = new RegExp(`(?:${KINDS.join('|')})$`);

const normal = (words: string): string => words.toLowerCase().replace(/[^\p{L}\p{N}/]/gu, '');

/** What recognizers call their values: the labels and cue words of all of them. */
export function labelsOf(recognizers: readonly Recognizer[]): ReadonlySet<string> {
  const phrases = recognizers.flatMap(({ context, patterns }) => [
    ...(context?.words ?? []),
    ...patterns.flatMap((pattern) => ('labels' in pattern ? pattern.labels : [])),
  ]);
  return new Set(phrases.map(normal));
}

/** Whether a found value follows, with no more than a label's end between. */
function leadsToValue(text: string, end: number, starts: ReadonlySet<number>): boolean {
  for (let at = end; at <= end + GAP_CHARS; at += 1) {
    if (starts.has(at)) return GAP.test(text.slice(end, at));
  }
  return false;
}

/** True for a name made of a label alone that stands before a colon, a sign or a found value. */
function isLabel(
  text: string,
  { start, end }: Span,
  labels: ReadonlySet<string>,
  starts: ReadonlySet<number>,
): boolean {
  const written = text.slice(start, end);
  const words = normal(written);
  if (ALSO_NAMES.has(words)) {
    return written === written.toUpperCase() && leadsToValue(text, end, starts);
  }
  if (ACRONYMS.has(words) && !/^\p{Lu}\p{Ll}/u.test(written)) return true;
  if (!labels.has(words) && !labels.has(words.replace(ENDS_IN_KIND, ''))) return false;
  if (/^["'*]{0,2}[ \t]?[:=#]/.test(text.slice(end, end + 4))) return true;
  return leadsToValue(text, end, starts);
}

/**
 * Names without those that are no name but the label of a value: `SSN`, `IBAN DE89...`, `Passport:`.
 * @param values spans of other kinds that were found in the text
 */
export function withoutLabels(
  text: string,
  names: readonly Span[],
  values: readonly Span[],
  labels: ReadonlySet<string>,
): Span[] {
  const starts = new Set(values.map(({ start }) => start));
  return names.filter((name) => !isLabel(text, name, labels, starts));
}
