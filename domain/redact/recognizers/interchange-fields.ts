import type { Recognizer } from '../types.js';

/** Where a line begins, in the string of a document as well. */
const LINE = String.raw`(?:^|[\r\n"'\x60\v]|\\[rn])[ \t>]{0,4}`;
/** The fields before one of an HL7 v2 segment, which begins with its number. */
const hl7 = (segment: string, field: number): string =>
  String.raw`(?<=${LINE}${segment}\|\d{0,4}\|(?:[^|\r\n]{0,120}\|){${String(field - 2)}})`;
/** What stands before an element of an ANSI X12 segment, its qualifiers included. */
const x12 = (before: string): string => String.raw`(?<=(?<![\p{L}\p{N}])${before})`;
/** The same of segments whose names are written elsewhere too. */
const x12Start = (before: string): string => String.raw`(?<=(?:~|${LINE})[ \t\r\n]{0,4}${before})`;
const DAY = String.raw`(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])`;
const ELEMENT = String.raw`(?=[*~:^|/\r\n]|$)`;
/** Ends an element within a document of segments. */
const CLOSED = String.raw`(?=[*~]|\r?\n[A-Z\d]{2,3}\*)`;
/** Further fields behind one: lists of processes begin with PID as well, and have few. */
const followed = (fields: number): string =>
  String.raw`(?=[^|\r\n]{0,120}(?:\|[^|\r\n]{0,120}){${String(fields)}})`;
const ID = String.raw`[A-Z\d][A-Z\d -]{3,24}(?<! )`;

interface Field {
  readonly name: string;
  readonly type: Recognizer['type'];
  /** Regular expression sources of what stands before the value, and of the value. */
  readonly places: readonly (readonly [before: string, value: string])[];
  readonly matches: Recognizer['matches'];
  readonly rejects: Recognizer['rejects'];
}

/** A field of an interchange format says by its place alone what it holds. */
const field = ({ name, type, places, matches, rejects }: Field): Recognizer => ({
  name,
  type,
  patterns: places.map(([before, value], at) => ({
    name: `field-${String(at + 1)}`,
    regex: new RegExp(`${before}${value}${ELEMENT}`, 'gu'),
    score: 0.96,
    anchor: 'number',
  })),
  matches,
  rejects: [...rejects, 'segment PID 3 of 88213047', 'REF*~N3*~N4*~'],
});

const PID =
  'PID|1||88213047^^^MERCY^MR||DOE^JANET^Q||19620417|F|||1187 Larkspur Ln^^Dayton^OH^45402';

/** HL7 v2.5.1, 3.4 and 6.5; ANSI X12 270 to 278, 834, 835 and 837; IATA PADIS for travel documents. */
export const INTERCHANGE_FIELDS: readonly Recognizer[] = [
  field({
    name: 'interchange-record-number',
    type: 'MEDICAL_RECORD_NUMBER',
    places: [
      [hl7('PID', 2), `${ID}${followed(3)}`],
      [hl7('PID', 3), `${ID}${followed(2)}`],
      [x12Start(String.raw`REF\*EA\*`), `${ID}${CLOSED}`],
    ],
    matches: [
      [PID, '88213047'],
      ['REF*EA*7719230~', '7719230'],
      ['PID|1|PT-4471|||DOE^JANET', 'PT-4471'],
    ],
    rejects: [
      'PID|1||',
      'REF*G1*7719230~',
      'PID|USER|9921|bash|',
      'pid|12|4421|running|',
      'PID|12|4421|running|',
      'see REF*EA*7719230~',
      'REF*EA*7719230 of 12',
    ],
  }),
  field({
    name: 'interchange-birth',
    type: 'DATE_OF_BIRTH',
    places: [
      [hl7('PID', 7), String.raw`${DAY}(?:\d{4,6})?`],
      [x12(String.raw`DMG\*D8\*`), DAY],
      [
        String.raw`(?<=(?<!\w)P\/[A-Z]{3}\/[A-Z\d]{5,12}\/[A-Z]{3}\/)`,
        String.raw`\d{2}[A-Z]{3}\d{2}`,
      ],
    ],
    matches: [
      [PID, '19620417'],
      ['DMG*D8*19510706*M~', '19510706'],
      ['HK1/P/CAN/HK635158/CAN/03NOV71/F/17SEP28/', '03NOV71'],
    ],
    rejects: ['PID|1|19620417|', 'DTP*472*D8*20240611~'],
  }),
  field({
    name: 'interchange-day',
    type: 'DATE',
    places: [
      [x12(String.raw`DTP\*\d{3}\*D8\*`), DAY],
      // EDIFACT: the day, or with the time.
      [String.raw`(?<=(?<!\w)DTM\+\d{1,3}:)`, String.raw`${DAY}(?:\d{4,6})?`],
      [String.raw`(?<=\/\d{2}[A-Z]{3}\d{2}\/[MFX]\/)`, String.raw`\d{2}[A-Z]{3}\d{2}`],
    ],
    matches: [
      ['DTP*472*D8*20240611~', '20240611'],
      ['DTP*096*D8*20231230~', '20231230'],
      ["DTM+137:202503140915:203'", '202503140915'],
      ['P/CAN/HK635158/CAN/03NOV71/F/17SEP28/TREMBLAY', '17SEP28'],
    ],
    rejects: ['DTP*472*TM*1435~', '*20240611~'],
  }),
  field({
    name: 'interchange-social-security',
    type: 'US_SSN',
    places: [
      [x12Start(String.raw`REF\*SY\*`), String.raw`\d{9}${CLOSED}`],
      [x12(String.raw`NM1\*(?:[^*~\r\n]{0,60}\*){7}(?:34|SY)\*`), String.raw`\d{9}`],
      [hl7('PID', 19), String.raw`\d{3}-?\d{2}-?\d{4}`],
    ],
    matches: [
      ['REF*SY*399700456~', '399700456'],
      ['NM1*IL*1*DOE*JANE****34*399700456~', '399700456'],
      [`PID${'|'.repeat(19)}399-70-0456`, '399-70-0456'],
    ],
    rejects: ['REF*G1*399700456~'],
  }),
  field({
    name: 'interchange-tax-number',
    type: 'TAX_ID',
    places: [[x12Start(String.raw`REF\*(?:TJ|EI)\*`), String.raw`\d{2}-?\d{7}${CLOSED}`]],
    matches: [
      ['REF*TJ*472322296~', '472322296'],
      ['REF*EI*472322296~', '472322296'],
      ['REF*EI*47-2322296~', '47-2322296'],
    ],
    rejects: ['REF*D9*472322296~'],
  }),
  field({
    name: 'interchange-member',
    type: 'HEALTH_ID',
    places: [
      [x12(String.raw`NM1\*(?:[^*~\r\n]{0,60}\*){7}MI\*`), ID],
      [hl7('IN1', 36), ID],
      [hl7('IN1', 49), ID],
    ],
    matches: [
      ['NM1*IL*1*NOVAK*PETRA****MI*W281206209~', 'W281206209'],
      ['NM1*QC*1*NOVAK*JAN****MI*W28120620902~', 'W28120620902'],
      [`IN1${'|'.repeat(36)}W063717690 01`, 'W063717690 01'],
    ],
    rejects: ['NM1*PR*2*AETNA*****PI*60054~'],
  }),
  field({
    name: 'interchange-provider',
    type: 'LICENSE_NUMBER',
    places: [[x12(String.raw`NM1\*(?:[^*~\r\n]{0,60}\*){7}XX\*`), String.raw`\d{10}`]],
    matches: [
      ['NM1*82*1*HALVORSEN*ERIK****XX*1262092574~', '1262092574'],
      ['NM1*85*2*CLINIC*****XX*1234567893~', '1234567893'],
      ['NM1*DN*1*LEE*ANN****XX*1932102225~', '1932102225'],
    ],
    rejects: ['NM1*82*1*HALVORSEN*ERIK~'],
  }),
  field({
    name: 'interchange-street',
    type: 'STREET_ADDRESS',
    places: [
      [x12Start(String.raw`N3\*`), String.raw`\d{1,6} [^*~^|\r\n]{3,60}${CLOSED}`],
      [hl7('PID', 11), String.raw`\d{1,6} [^*~^|\r\n]{3,60}`],
    ],
    matches: [
      ['N3*4410 BRIARWOOD CT~', '4410 BRIARWOOD CT'],
      [PID, '1187 Larkspur Ln'],
      ['N3*18 MAIN ST APT 4~', '18 MAIN ST APT 4'],
    ],
    rejects: [
      'N3*SUITE~',
      'N4*TULSA*OK*74133~',
      'x = n3*12 + offset',
      'N3*45 units on shelf',
      'y = N3*45 units~',
    ],
  }),
  field({
    name: 'interchange-postal-code',
    type: 'POSTAL_CODE',
    places: [
      [x12(String.raw`N4\*[^*~\r\n]{1,40}\*[A-Z]{2}\*`), String.raw`\d{5}(?:-?\d{4})?`],
      [
        String.raw`(?<=\|[^|^\r\n]{0,60}\^[^|^\r\n]{0,60}\^[^|^\r\n]{1,40}\^[^|^\r\n]{0,30}\^)`,
        String.raw`\d{5}(?:-\d{4})?`,
      ],
    ],
    matches: [
      ['N4*TULSA*OK*74133~', '74133'],
      ['N4*TULSA*OK*741331234~', '741331234'],
      [PID, '45402'],
    ],
    rejects: ['N4*TULSA~', '^^^45402'],
  }),
];
