import type { Recognizer } from '../types.js';

const AMOUNT = String.raw`\d{1,3}(?:[ ,.'’]\d{3}){0,4}(?:[.,]\d{1,2})?|\d{1,12}(?:[.,]\d{1,2})?`;
const UNIT =
  'dollars?|euros?|pounds?|USD|EUR|GBP|CHF|JPY|INR|CAD|AUD|PLN|SEK|NOK|DKK|rupees|yen|francs?|bucks|cents?|[€£¥₹]';

export const money: Recognizer = {
  name: 'money',
  type: 'MONEY',
  patterns: [
    {
      name: 'sign-first',
      regex: new RegExp(
        String.raw`(?:US|A|C)?[$€£¥₹] ?(?:${AMOUNT})(?: ?(?:k|m|bn|million|billion)\b)?(?![\w]|[.,]\d)`,
        'gi',
      ),
      score: 0.95,
      anchor: { around: '$', before: 2, after: 48 },
    },
    {
      name: 'code-first',
      regex: new RegExp(
        String.raw`(?<!\w)(?:USD|EUR|GBP|CHF|JPY|INR|CAD|AUD|PLN|SEK|NOK|DKK) (?:${AMOUNT})(?![\w]|[.,]\d)`,
        'g',
      ),
      score: 0.95,
      anchor: 'usd eur gbp chf jpy inr cad aud pln sek nok dkk'.split(' '),
    },
    {
      name: 'unit-last',
      regex: new RegExp(
        String.raw`(?<![\w.,$€£+]|\w[-/])(?:${AMOUNT}) ?(?:(?:thousand|million|billion) )?(?:${UNIT})(?!\w)`,
        'gi',
      ),
      score: 0.93,
      anchor: 'number',
    },
  ],
  matches: [
    ['paid $1,250.00 on', '$1,250.00'],
    ['EUR 300 left', 'EUR 300'],
    ['about 45 dollars', '45 dollars'],
    ['12.50 €', '12.50 €'],
  ],
  rejects: ['45 people', 'the dollar', '$x', 'item 300'],
};
