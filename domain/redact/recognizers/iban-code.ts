import type { Recognizer } from '../types.js';

/** Length by country, from the SWIFT IBAN registry. */
const LENGTHS: Readonly<Record<string, number>> = Object.fromEntries(
  (
    'AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DK18 DO28 EE20 ' +
    'EG29 ES24 FI18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 ' +
    'KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MR27 MT31 MU30 NL18 NO15 PK24 ' +
    'PL28 PS29 PT25 QA29 RO24 RS22 SA24 SC31 SD18 SE24 SI19 SK24 SM27 ST25 SV28 TL23 TN24 TR26 UA29 ' +
    'VA22 VG24 XK20'
  )
    .split(' ')
    .map((entry) => [entry.slice(0, 2), Number(entry.slice(2))]),
);

/** Cuts what follows the country's number of characters; '' for a country without IBANs. */
function trimIban(value: string): string {
  const length = LENGTHS[value.slice(0, 2).toUpperCase()];
  if (length === undefined) return '';
  let seen = 0;
  for (let at = 0; at < value.length; at += 1) {
    if (/[A-Za-z0-9]/.test(value.charAt(at))) seen += 1;
    if (seen === length)
      return /^[A-Za-z0-9]/.test(value.slice(at + 1)) ? '' : value.slice(0, at + 1);
  }
  return '';
}

/** ISO 13616: the rearranged digits leave 1 modulo 97. */
function validateIban(value: string): 'passed' | 'unconfirmed' {
  const compact = value.replace(/[^A-Za-z0-9]/g, '').toUpperCase();
  const rearranged = `${compact.slice(4)}${compact.slice(0, 4)}`;
  let rest = 0;
  for (const char of rearranged) {
    const digits = Number.parseInt(char, 36);
    rest = (rest * (digits > 9 ? 100 : 10) + digits) % 97;
  }
  return rest === 1 ? 'passed' : 'unconfirmed';
}

export const ibanCode: Recognizer = {
  name: 'iban-code',
  type: 'IBAN_CODE',
  patterns: [
    {
      name: 'any-grouping',
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
