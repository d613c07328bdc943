import { countrySpecs, isValidIBAN } from 'ibantools';
import type { Recognizer } from '../types.js';

/** Cuts what follows the country's number of characters; '' for a country without IBANs. */
function trimIban(value: string): string {
  const spec = countrySpecs[value.slice(0, 2).toUpperCase()];
  const length = spec?.IBANRegistry === true ? spec.chars : null;
  if (typeof length !== 'number') return '';
  let seen = 0;
  for (let at = 0; at < value.length; at += 1) {
    if (/[A-Za-z0-9]/.test(value.charAt(at))) seen += 1;
    if (seen === length)
      return /^[A-Za-z0-9]/.test(value.slice(at + 1)) ? '' : value.slice(0, at + 1);
  }
  return '';
}

/** ISO 13616 structure and check digits; a mistyped one of the right length stays possible. */
function validateIban(value: string): 'passed' | 'unconfirmed' | 'failed' {
  const compact = value.replace(/[^A-Za-z0-9]/g, '').toUpperCase();
  if (isValidIBAN(compact)) return 'passed';
  // `DK75T226U2 still the` has the right length by its neighbours.
  return /[a-z]/.test(value) && /[A-Z]/.test(value) ? 'failed' : 'unconfirmed';
}

export const ibanCode: Recognizer = {
  name: 'iban-code',
  type: 'IBAN_CODE',
  patterns: [
    {
      name: 'any-grouping',
      anchor: 'number',
      regex: /(?<![A-Za-z0-9])[A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]){11,30}/gi,
      score: 0.45,
      passedScore: 0.97,
    },
  ],
  trim: trimIban,
  validate: validateIban,
  context: {
    words: ['iban', 'bank', 'account', 'transfer', 'bic', 'swift', 'konto', 'wire'],
    boost: 0.3,
  },
  matches: [
    ['IBAN DE89 3704 0044 0532 0130 00 please', 'DE89 3704 0044 0532 0130 00'],
    ['GB82WEST12345698765432', 'GB82WEST12345698765432'],
    ['fr14 2004 1010 0505 0001 3m02 606', 'fr14 2004 1010 0505 0001 3m02 606'],
    ['iban: DE89370400440532013001', 'DE89370400440532013001'],
    ['NL91ABNA0417164300.', 'NL91ABNA0417164300'],
  ],
  rejects: ['DE89 3704', 'ZZ12345678901234567890', 'sha AB12CD34', 'DE893704004405320130001'],
};
