import { checkedNumber } from '../checked-number.js';
import type { Recognizer } from '../../types.js';

export const INDIA: readonly Recognizer[] = [
  checkedNumber({
    name: 'in-pan',
    type: 'TAX_ID',
    number: ['IN', 'pan'],
    shape: String.raw`[A-Z]{3}[ABCEFGHJLPT][A-Z]\d{4}[A-Z]`,
    words: ['pan', 'permanent account number', 'income tax'],
    distinct: true,
    matches: [
      ['PAN: RVVCY4058B', 'RVVCY4058B'],
      ['pan FIPCN4460D, thank you', 'FIPCN4460D'],
      ['{"pan": "HGMLT6922O"}', 'HGMLT6922O'],
    ],
    rejects: ['pan follows', 'order ZRDEU4336Z left', 'PAN 12'],
  }),
  checkedNumber({
    name: 'in-aadhaar',
    type: 'NATIONAL_ID',
    number: ['IN', 'aadhaar'],
    shape: String.raw`[2-9]\d{3}[ -]?\d{4}[ -]?\d{4}`,
    words: ['aadhaar', 'aadhar', 'uidai', 'uid'],
    matches: [
      ['Aadhaar: 9416 73827827', '9416 73827827'],
      ['aadhaar 31620036 9844, thank you', '31620036 9844'],
      ['{"aadhaar": "6988 52358288"}', '6988 52358288'],
    ],
    rejects: ['aadhaar follows', 'order 9416 73827827 left', 'Aadhaar 12'],
  }),
  checkedNumber({
    name: 'in-voter-id',
    type: 'NATIONAL_ID',
    number: ['IN', 'epic'],
    shape: String.raw`[A-Z]{3}\d{7}`,
    words: ['voter', 'epic', 'election', 'elector'],
    matches: [
      ['Voter: HWN0834671', 'HWN0834671'],
      ['voter XZJ7478373, thank you', 'XZJ7478373'],
      ['{"voter": "ASA4053039"}', 'ASA4053039'],
    ],
    rejects: ['voter follows', 'order HWN0834671 left', 'Voter 12'],
  }),
  checkedNumber({
    name: 'in-gstin',
    type: 'TAX_ID',
    number: ['IN', 'gstin'],
    shape: String.raw`\d{2}[A-Z]{5}\d{4}[A-Z][0-9A-Z]Z[0-9A-Z]`,
    words: ['gst', 'gstin', 'gst number'],
    distinct: true,
    matches: [
      ['GST: 17QVXTL5085QFZ9', '17QVXTL5085QFZ9'],
      ['gst 03HIAKX2283FLZX, thank you', '03HIAKX2283FLZX'],
      ['{"gst": "11HMCHD6644T6ZY"}', '11HMCHD6644T6ZY'],
    ],
    rejects: ['gst follows', 'order 59ZGYDV8775WJZK left', 'GST 12'],
  }),
];
