import { KINDS } from './phrases.js';
import type { Recognizer, Span } from './types.js';

/** Acronyms of kinds of identifiers; none of them is also a company, an office or a place. */
const ACRONYMS: ReadonlySet<string> = new Set(
  (
    'aba bban bic bsn cnpj cpf cvc cvv dob ein eori gps hicn iban icd imei imsi itin kvnr mac mrn nino ' +
    'npi otp pesel pin plz psn rtn siren siret ssid ssn ssns swift tel tfn tin uid upn upi url uuid vat vin zip'
  ).split(' '),
);

/** Between a label and its value, as far as it is needed to tell that one belongs to the other. */
const GAP = /^(?:[\s:=#("'’|>*_-]|is|was|no\.?|number|nr\.?|id|code){0,12}$/i;
const GAP_CHARS = 16;
const ENDS_IN_KIND = new RegExp(`(?:${KINDS.join('|')})$`);

const normal = (words: string): string => words.toLowerCase().replace(/[^\p{L}\p{N}/]/gu, '');

/** What recognizers call their values: the labels and cue words of all of them. */
export function labelsOf(recognizers: readonly Recognizer[]): ReadonlySet<string> {
  const phrases = recognizers.flatMap(({ context, patterns }) => [
    ...(context?.words ?? []),
    ...patterns.flatMap(({ labels }) => labels ?? []),
  ]);
  return new Set(phrases.map(normal));
}

/** True for a name made of a label alone that stands before a colon, a sign or a found value. */
function isLabel(
  text: string,
  { start, end }: Span,
  labels: ReadonlySet<string>,
  starts: ReadonlySet<number>,
): boolean {
  const words = normal(text.slice(start, end));
  if (ACRONYMS.has(words)) return true;
  if (!labels.has(words) && !labels.has(words.replace(ENDS_IN_KIND, ''))) return false;
  if (/^["'*]{0,2}[ \t]?[:=#]/.test(text.slice(end, end + 4))) return true;
  for (let at = end; at <= end + GAP_CHARS; at += 1) {
    if (starts.has(at)) return GAP.test(text.slice(end, at));
  }
  return false;
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
