import type { Recognizer } from '../types.js';
import { wordsOf } from '../words-of.js';

/** What is said near numbers of goods, papers, machines and counts. */
const OF_THINGS = wordsOf(`
    order purchase po invoice tracking parcel shipment waybill container seal pallet ticket issue bug lot
    batch sku part item product article model version release build driver firmware page chapter section
    room floor error code line row serial flight train bus job work drawing catalogue catalog receipt
    transaction request law act directive regulation isbn issn iso ean upc gtin rev revision commit hash
    sha md5 total sum count size bytes rfc cas ndc cpt hs hcpcs icd pmid doi un din en art bestellung
    rechnung auftrag artikel commande facture référence pedido factura timestamp seq sequence offset pid
    port id trial study protocol fund isin cusip ticker patent tender stock bin shelf tyre size dose kpp
    lamports unsubscribe oid font pantone cmyk rgb colour color numbers digits pi prime random
    score loss ratio rate grant baud hz volt bestellnummer rechnungsnummer auftragsnummer artikelnummer
    lieferschein lieferscheinnummer материал заказа заказ счета накладной изделия cuenta rekening`);

/** Prefixes of such numbers. */
const PREFIXES = new Set(
  wordsOf(`ISBN ISSN SKU EAN UPC GTIN CAS CPT NDC HS UN EN ISO DIN REF PO CFR USC RFC KB INC CVE GL SSCC
    ICD NCT CUSIP ISIN PMID DOI EC CE IP RAL CMYK RGB ART LOT PN ASIN MPN JIRA PR SPEC BS AS ASTM IEC NF
    FIG P PP VOL NO V R A B BMW VW USD EUR GBP CHF JPY ORD INV REQ TKT TRK RMA QTE SO WO DWG RFQ BL AWB`),
);

const PART = String.raw`[-/ .]\d[\dA-Z]{0,11}`;
/** An acronym apart by a space is the label of another's value more often than a part. */
const LETTERED = String.raw`[A-Z]{1,5}[-/]?\d[\dA-Z]{0,13}(?:${PART}){0,4}|[A-Z] \d{2,6}[A-Z]?(?:[- ]\d{2,6}){0,4}`;
const GROUPED = String.raw`\d{1,4}[A-Z]?(?:[- ]\d{2,6}){1,5}(?:[- ]\d{1,6}){0,2}`;
const VALUE = String.raw`(?:${LETTERED}|${GROUPED}|\d{8,14})(?:-[A-Z])?`;
/** Neither in a table of numbers or a dump, nor a part of something longer. */
const ALONE_BEFORE = String.raw`(?<![\p{L}\p{N}_./,:;@#=$€£&?%+|\\~<>(-]|\d[ \t|]{1,3}|=[ \t])`;
const ALONE_AFTER = String.raw`(?![\p{L}\p{N}_@%\\/=(]|[.,:-]\p{N}|[ \t|]{1,3}\d| ?(?:[€$£°]|[kKMGT]?B\b|[ckm]?m\b|[km]?g\b|ms\b|EUR|USD|GBP))`;

const DAY =
  /^(?:19|20)\d\d[-/. ]?(?:0[1-9]|1[0-2])[-/. ]?(?:0[1-9]|[12]\d|3[01])?(?:[ -]?\d{2,6})?$/;

/** Of letters and digits five, of digits alone eight; no day, range, amount or known code of a thing. */
function validateNumber(value: string): 'unconfirmed' | 'failed' {
  const digits = value.replace(/\D/g, '').length;
  const [prefix = ''] = /^[A-Z]*/.exec(value) ?? [];
  if (digits < (prefix === '' ? 8 : 5) || PREFIXES.has(prefix)) return 'failed';
  if (DAY.test(value) || /[-/. ](?:19\d\d|20[0-3]\d)$/.test(value)) return 'failed';
  // Formulas, counters of dumps.
  if (/[A-Z]\d+[A-Z]\d+[A-Z]|^0{4}/.test(value)) return 'failed';
  // Thousands, round numbers, a range of two.
  if (/^\d{1,3}(?:[ .]\d{3})+$|000$/.test(value)) return 'failed';
  const [, from = '', to = ''] = /^(\d+)[- ](\d+)$/.exec(value) ?? [];
  return from !== '' && from.length === to.length ? 'failed' : 'unconfirmed';
}

/**
 * A long number in a sentence that nothing near says to be of a thing: what is left when no label is
 * known. In running English text hardly any such number is not somebody's; the score sends it to review.
 */
export const unexplainedNumber: Recognizer = {
  name: 'unexplained-number',
  type: 'OTHER_ID',
  patterns: [
    {
      name: 'alone-in-a-sentence',
      anchor: 'number',
      regex: new RegExp(`${ALONE_BEFORE}${VALUE}${ALONE_AFTER}`, 'gu'),
      score: 0.4,
    },
  ],
  context: {
    words: ['member', 'patient', 'holder', 'customer', 'client', 'enrolled', 'registered', 'under'],
    boost: 0.05,
    against: OF_THINGS,
    penalty: 0.2,
    againstBefore: 40,
  },
  validate: validateNumber,
  matches: [
    ['credit it to 1187 2044 31 please', '1187 2044 31'],
    ['She is known there as H 118-2044 since May.', 'H 118-2044'],
    ['the tag fitted is EM-118204.', 'EM-118204'],
    ['He read out 118720443 twice', '118720443'],
  ],
  rejects: [
    'ISBN 978-3-16-148410-0',
    'pages 1204-1219 of',
    'a total of 11872044',
    'on 20240512 we',
    'since 2024-05-12 it',
    'CPT 99213-25',
    '1204 | 51208841 | 2203',
    'about 12 000 000 people',
    'commit 11872044',
    '11872044 bytes',
    'x = 11872044',
    'caffeine is C8H10N4O2',
    '12 V DC 1000 1200',
    'Bestellnummer 4511872044, Position 10',
    'f(11872044)',
  ],
};
