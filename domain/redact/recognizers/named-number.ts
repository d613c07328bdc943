import type { Recognizer } from '../types.js';

/** What has numbers and leads to no person, in singular; other types' own labels as well. */
const OTHERS = [
  'order|purchase|invoice|bill|tracking|parcel|shipment|consignment|waybill|container|pallet|ticket|issue|bug',
  'case|lot|batch|sku|part|item|product|article|stock|style|model|version|release|build|page|chapter|section',
  'room|floor|suite|unit|house|apartment|flat|building|block|bay|gate|platform|lane|track|channel|port|slot|rack',
  'error|line|row|column|record|sequence|serial|table|figure|exhibit|annex|appendix|paragraph|clause|volume',
  'flight|train|bus|tram|route|road|highway|exit|seat|wagon|vessel|voyage|run|lap|round|game|match|episode|season',
  'jersey|shirt|player|race|start|quote|quotation|offer|job|work|task|project|drawing|plan|catalogue|catalog',
  'colour|color|shade|size|atomic|mass|cas|un|ec|hs|tariff|commodity|receipt|delivery|note|confirmation',
  'transaction|request|change|incident|problem|form|law|act|decree|regulation|decision|resolution|directive',
  'protocol|convention|amendment|patent|publication|standard|rule|stop|bed|ward|machine|pump|valve|tool',
  'prime|random|magic|natural|real|whole|large|small|total|first|second|third|last|next|other|same|wrong|right',
  'maximum|minimum|high|low|big|great|new|old|good|exact|actual|current|original|given|greater|even|odd',
  'a|an|the|this|that|any|some|no|each|every|which|what|of|in|and|or|for|to|with|by|is|was|on|at|from|as|its|our',
  'check|cheque|control|test|sample|specimen|study|trial|question|answer|exercise|lesson|level|step',
  'phone|telephone|mobile|cell|fax|tel|extension|contact|emergency|toll|free|service|hotline|street|postal|zip',
  'stream|thread|process|commit|revision|pull|block|file|asset|inventory|barcode|isbn|issn|ean|upc|gtin|doi|iso',
  'doc|document|loi|décret|arrêté|ley|decreto|legge|gesetz|verordnung|bekendtgørelse|заказ|счет|накладная|закон',
  'bestell|rechnungs|auftrags|artikel|commande|facture|pedido|factura|ordine|fattura|bestelling|factuur|zamówienia|faktury',
]
  .join('|')
  .split('|')
  // As written in a sentence, at its beginning and in a heading; values have capitals, so that case counts.
  .flatMap((word) => [word, word.charAt(0).toUpperCase() + word.slice(1), word.toUpperCase()])
  .join('|');
const KIND = String.raw`(?:[Nn]umber|NUMBER|[Nn]um\.?|[Nn]o\.|[Nn]o|N[Oo]\.?|[Nn]r\.?|NR\.?|[Nn]ummer|[Nn]uméro|[Nn]úmero|[Nn]umero|[Nn][°º]|№|#)`;
const BETWEEN = String.raw`(?:,? (?:is|was|reads|being|ist|lautet|est|es|è))?[:,]? ?`;
const VALUE = String.raw`(?:[A-Z]{1,4}[-/. ]?)?\d[\dA-Z]{1,13}(?:[-/. ]\d[\dA-Z]{1,9}){0,4}(?:-?[A-Z](?![\p{L}\p{N}]))?`;

/** Six letters and digits, five digits; no day, no year, no amount. */
function validateNumber(value: string): 'unconfirmed' | 'failed' {
  const digits = value.replace(/\D/g, '').length;
  if (digits < 5 || value.replace(/[^\p{L}\p{N}]/gu, '').length < 6) return 'failed';
  if (/^\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}$|^\d{4}-\d\d-\d\d$/.test(value)) return 'failed';
  // Laws, decrees and contracts bear their year.
  if (/^\d{1,5}[-/](?:19|20)\d\d$|^(?:19|20)\d\d[-/]\d{1,5}$/.test(value)) return 'failed';
  return /^\d{1,3}(?:[. ]0{3})+$|^[1-9]\d{0,2}0{3,}$/.test(value) ? 'failed' : 'unconfirmed';
}

/**
 * A number that a word nobody listed says it is one of: `union number 44-81720`. More of them are a
 * person's than not once orders, articles and rooms are left out; the score sends it to review.
 */
export const namedNumber: Recognizer = {
  name: 'named-number',
  type: 'OTHER_ID',
  patterns: [
    {
      name: 'behind-number-of-a-word',
      anchor: 'number',
      regex: new RegExp(
        String.raw`(?<=(?<![\p{L}\p{N}])(?!(?:${OTHERS})(?!\p{L}))\p{L}[\p{L}'’]{1,19} ${KIND}${BETWEEN})${VALUE}(?![\p{L}\p{N}]|[-./,]\d)`,
        'gu',
      ),
      score: 0.5,
    },
  ],
  validate: validateNumber,
  matches: [
    ['Union number 44-81720 of the', '44-81720'],
    ["her bond holder's number was 1187 204 431.", '1187 204 431'],
    ['Library no. 21187-8044', '21187-8044'],
    ['the scheme number, 118720443', '118720443'],
  ],
  rejects: [
    'order number 482913',
    'the number 118720443',
    'part no. 118-72044',
    'a large number 100000',
    'invoice no. 2024-118720',
    'ACT NO. 118720',
    'flight number LH 11872',
    'union number 2024',
    'union number 12/03/2024',
    'model no. 1187-2044',
    'Décret n° 2019-5361 du 29 mai',
    'Заказ № 114-2207, 48 шт.',
  ],
};
