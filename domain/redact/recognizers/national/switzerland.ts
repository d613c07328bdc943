import { checkedNumber } from '../checked-number.js';
import type { Recognizer } from '../../types.js';

export const SWITZERLAND: readonly Recognizer[] = [
  checkedNumber({
    name: 'ch-ahv',
    type: 'NATIONAL_ID',
    number: ['CH', 'ssn'],
    shape: String.raw`756[. ]?\d{4}[. ]?\d{4}[. ]?\d{2}`,
    words: ['ahv', 'avs', 'ahv-nr', 'oasi', 'sozialversicherungsnummer'],
    distinct: true,
    matches: [
      ['AHV: 7565622 896088', '7565622 896088'],
      ['ahv 756.4328 5564 70, thank you', '756.4328 5564 70'],
      ['{"ahv": "75615400163 62"}', '75615400163 62'],
    ],
    rejects: ['ahv follows', 'order 7561611.486749 left', 'AHV 12'],
  }),
  checkedNumber({
    name: 'ch-uid',
    type: 'TAX_ID',
    number: ['CH', 'uid'],
    shape: String.raw`CHE-?\d{3}[. ]?\d{3}[. ]?\d{3}`,
    words: ['uid', 'mwst', 'tva', 'iva'],
    distinct: true,
    matches: [
      ['UID: CHE-633 537681', 'CHE-633 537681'],
      ['uid CHE-926 536287, thank you', 'CHE-926 536287'],
      ['{"uid": "CHE276915708"}', 'CHE276915708'],
    ],
    rejects: ['uid follows', 'order CHE-666.140167 left', 'UID 12'],
  }),
];
