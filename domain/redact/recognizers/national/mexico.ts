import { checkedNumber } from '../checked-number.js';
import type { Recognizer } from '../../types.js';

export const MEXICO: readonly Recognizer[] = [
  checkedNumber({
    name: 'mx-curp',
    type: 'NATIONAL_ID',
    number: ['MX', 'curp'],
    shape: String.raw`[A-Z]{4}\d{6}[HM][A-Z]{5}[0-9A-Z]\d`,
    words: ['curp'],
    distinct: true,
    matches: [
      ['CURP: RMFH681122MCSDJZU3', 'RMFH681122MCSDJZU3'],
      ['curp AXFL781007MPLGUDO3, thank you', 'AXFL781007MPLGUDO3'],
      ['{"curp": "GXJB971012HYNEGR27"}', 'GXJB971012HYNEGR27'],
    ],
    rejects: ['curp follows', 'order FVBZ120859MMNUSTY2 left', 'CURP 12'],
  }),
  checkedNumber({
    name: 'mx-rfc',
    type: 'TAX_ID',
    number: ['MX', 'rfc'],
    shape: String.raw`[A-ZÑ&]{3,4}\d{6}[0-9A-Z]{3}`,
    words: ['rfc', 'contribuyentes'],
    matches: [
      ['RFC: FSHI490827P18', 'FSHI490827P18'],
      ['rfc L&XQ300108FX7, thank you', 'L&XQ300108FX7'],
      ['{"rfc": "PBL821224GL6"}', 'PBL821224GL6'],
    ],
    rejects: ['rfc follows', 'order FSHI490827P18 left', 'RFC 12'],
  }),
];
