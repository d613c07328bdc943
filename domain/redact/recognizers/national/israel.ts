import { checkedNumber } from '../checked-number.js';
import type { Recognizer } from '../../types.js';

export const ISRAEL: readonly Recognizer[] = [
  checkedNumber({
    name: 'il-identity-number',
    type: 'NATIONAL_ID',
    number: ['IL', 'idnr'],
    shape: String.raw`\d{9}`,
    words: ['teudat zehut', 'תעודת זהות', 'ת.ז', 'israeli id', 'identity number'],
    matches: [
      ['Teudat zehut: 407387265', '407387265'],
      ['teudat zehut 784541468, thank you', '784541468'],
      ['{"teudat zehut": "782568315"}', '782568315'],
    ],
    rejects: ['teudat zehut follows', 'order 407387265 left', 'Teudat zehut 12'],
  }),
];
