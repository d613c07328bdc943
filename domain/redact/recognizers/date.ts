import type { Recognizer } from '../types.js';
import {
  DATE_FROM_DIGIT,
  DAY_BEFORE,
  FIRST_DAY,
  FIRST_MONTH,
  MONTH_WORDS,
  NO_MONTH,
  SEASON_CUE,
  SEASON_END,
  SEASON_VERB,
  SEASONS,
  WRITTEN_DATE,
} from './date-patterns.js';
import { DATE_CUES } from './date-cues.js';
import { DAY_OF_WEEK, LED_BY_WEEKDAY, LED_BY_WORDS } from './weekdays.js';

/** A calendar day that exists, in either order of day and month; words are taken as they are. */
function validateDate(value: string): 'passed' | 'unconfirmed' | 'failed' {
  const parts = /^(?:\p{L}[^\d]{1,24})?(\d{1,4})[-/.](\d{1,2})[-/.](\d{1,4})/u
    .exec(value)
    ?.slice(1)
    .map(Number);
  if (parts === undefined) return 'passed';
  const [first = 0, second = 0, third = 0] = parts;
  const [a, b] = first > 31 ? [second, third] : [first, second];
  if (a < 1 || b < 1 || a > 31 || b > 31 || (a > 12 && b > 12)) return 'failed';
  return first > 31 || third > 31 ? 'passed' : 'unconfirmed';
}

/** Elements of a date other than the year: 45 CFR 164.514(b)(2)(i)(C). */
export const date: Recognizer = {
  name: 'date',
  type: 'DATE',
  patterns: [
    {
      name: 'digits',
      regex: new RegExp(
        String.raw`(?<![\w.+]|\w[-/]|\d:|[\da-f]{2}:)(?<!\b(?:version|build|firmware|update|v):? |\d\.\d{1,2}\.\d{1,2} ?(?:->|→|=>) ?)(?!\d{1,2}\.\d{1,2}\.\d{1,2} ?(?:->|→|=>))${LED_BY_WEEKDAY}(?:${DATE_FROM_DIGIT})(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})?)?(?![\w]|[-/]\d|\.\d)`,
        'giu',
      ),
      score: 0.45,
      passedScore: 0.9,
      anchor: 'number',
    },
    {
      name: 'month-first',
      regex: new RegExp(
        String.raw`(?<![\p{L}\p{N}])${LED_BY_WORDS}(?:${WRITTEN_DATE})(?![\p{L}\p{N}])`,
        'giu',
      ),
      score: 0.9,
      anchor: MONTH_WORDS,
    },
    {
      name: 'day-first',
      regex: new RegExp(
        String.raw`(?<![\w.+]|\w[-/]|\d:|[\da-f]{2}:)${LED_BY_WEEKDAY}(?:\d{1,2}[-–])?${DAY_BEFORE}(?:${MONTH_WORDS.join('|')})(?:,? (?:del? )?(?:18|19|20)\d{2})?(?![\p{L}\p{N}]|${NO_MONTH})`,
        'giu',
      ),
      score: 0.85,
      anchor: 'number',
    },
    {
      name: 'day-of-week',
      regex: new RegExp(DAY_OF_WEEK, 'giu'),
      score: 0.7,
      anchor: 'number',
    },
    ...DATE_CUES,
    {
      // Without a year, as Germans write it: `zum 30.9.`
      name: 'german-day',
      regex:
        /(?<=(?<!\p{L})(?:zum|am|vom|ab|seit|dem|(?:\p{L}{2,7}tag|mittwoch),? den) )(?:[12]\d|3[01]|0?[1-9])\. ?(?:1[0-2]|0?[1-9])\.(?! ?\d)|(?<=(?<!\p{L})(?:bis|den) )(?:(?:1[3-9]|2\d|3[01])\. ?(?:1[0-2]|0?[1-9])\.(?! ?\d)|(?:1[0-2]|0?[1-9])\. ?(?:1[0-2]|0?[1-9])\.(?! ?[\p{L}\d]))/giu,
      score: 0.75,
      anchor: 'number',
    },
    {
      // The first of two days of which the second has the year: `from 11.01. to 19.01.2024`.
      name: 'first-of-range',
      regex:
        /(?<![\w.+/-])(?:[12]\d|3[01]|0?[1-9])\. ?(?:1[0-2]|0?[1-9])\.(?= ?(?:[-–]|to|bis|au|al|a|do|t\/m|til|till) ?(?:[12]\d|3[01]|0?[1-9])\. ?(?:1[0-2]|0?[1-9])\. ?(?:19|20)?\d{2}(?!\d))/gu,
      score: 0.85,
      anchor: 'number',
    },
    {
      // The month as a Roman number: `8.VI.2009`, `of 17 X 2021`.
      name: 'roman-month',
      regex:
        /(?<![\w.+/-])(?:[12]\d|3[01]|0?[1-9])(?:\. ?(?:I{1,3}|IV|VI{0,3}|IX|XI{0,2})\. ?|(?<=(?<!\p{L})(?:of|on|dated|from|since|until|dnia|z dnia|od|do|del|din) \d{1,2}) (?:I{1,3}|IV|VI{0,3}|IX|XI{0,2}) )(?:18|19|20)\d{2}(?!\d|[.,]\d)/gu,
      score: 0.85,
      anchor: 'number',
    },
    {
      // `2011. 2. 25.`, as Koreans and Hungarians write it.
      name: 'year-first-dotted',
      regex:
        /(?<![\w.+/-])(?:19|20)\d{2}\. (?:1[0-2]|0?[1-9])\. (?:[12]\d|3[01]|0?[1-9])(?!\d)\.?(?! ?\d)/g,
      score: 0.85,
      anchor: 'number',
    },
    {
      // SWIFT MT: year, month and day before currency and amount.
      name: 'swift-message',
      regex:
        /(?<=(?:^|[\r\n]):(?:32A|6[024][FM]?):[CD]?)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?=[A-Z]{3}\d{1,15},)/g,
      score: 0.95,
      anchor: 'number',
    },
    {
      // Years of Japanese emperors.
      name: 'era',
      regex: /(?<=(?<lead>(?:令和|平成|昭和|大正) ?))\d{1,2} ?年 ?\d{1,2} ?月 ?\d{1,2} ?日/g,
      score: 0.95,
      anchor: 'number',
    },
    {
      name: 'first-day',
      regex: new RegExp(String.raw`(?<![\p{L}\p{N}.+/:-])${FIRST_DAY}`, 'giu'),
      score: 0.8,
      anchor: 'number',
    },
    {
      name: 'first-month',
      regex: new RegExp(String.raw`(?<![\p{L}\p{N}])${FIRST_MONTH}`, 'giu'),
      score: 0.8,
      anchor: MONTH_WORDS,
    },
    {
      name: 'season',
      regex: new RegExp(
        String.raw`(?<![\p{L}\p{N}])(?:(?<=(?<!\p{L})${SEASON_CUE} )|(?<!(?<!\p{L})${SEASON_VERB} )(?=\p{L}{4,9}(?: of)? \d{4}(?:[^\p{L} ]|\s*$|\s+(?:[^\p{L}\s]|${SEASON_END}(?!\p{L})))))(?:${SEASONS.join('|')})(?: of)? (?:19|20)\d{2}(?![\p{L}\p{N}]|\.\d)`,
        'giu',
      ),
      score: 0.7,
      anchor: SEASONS,
    },
  ],
  validate: validateDate,
  context: {
    words: [
      'date',
      'dated',
      'admitted',
      'admission',
      'discharged',
      'discharge',
      'due',
      'on',
      'since',
      'until',
      'visit',
      'appointment',
      'died',
      'surgery',
      'hired',
      'expires',
      'signed',
    ],
    boost: 0.08,
    against: ['version', 'release', 'build', 'v', 'firmware', 'section', 'isbn'],
    penalty: 0.3,
  },
  matches: [
    ['admitted 2024-03-12 and', '2024-03-12'],
    ['退院日 令和6年5月20日、次回', '令和6年5月20日'],
    ['spätestens zum 30.9. kündigen', '30.9.'],
    ['на 5 марта 2025 г.', '5 марта 2025'],
    ["opname 9-4-'24, ontslag", "9-4-'24"],
    ['le 1er mars 2024', '1er mars 2024'],
    ['[14/Feb/2025:09:21:44 +0000]', '14/Feb/2025:09:21:44 +0000'],
    ['valid to 08AUG1992, then', '08AUG1992'],
    ['有効期限 2030年4月11日', '2030年4月11日'],
    ['on March 12, 2024 she', 'March 12, 2024'],
    ['discharged 14 June', '14 June'],
    ['seen on 03/12/2024', '03/12/2024'],
    ['at 2024-03-12T08:15:00Z', '2024-03-12T08:15:00Z'],
    ['on 12. März 2023', '12. März 2023'],
    ['el 15 de agosto de 2023 y', '15 de agosto de 2023'],
    ['dnia 6 lutego 2024 r.', '6 lutego 2024'],
    ['this 14th day of March, 2021', '14th day of March, 2021'],
    ["since Nov '23", "Nov '23"],
    ['between 3 and 5 June 2001 he', '3', '5 June 2001'],
    ['the night of 12-13 March 1992', '12-13 March 1992'],
    ['from January to March 1998', 'January', 'March 1998'],
    ['on April 12-14, 2023, in', 'April 12-14, 2023'],
    ['bis 4.2.', '4.2.'],
    ['bis 30.9. zahlen', '30.9.'],
    ['am Montag, den 2.5. operiert', 'Montag, den 2.5.'],
    ['in spring 2024 she moved', 'spring 2024'],
    ['Fall 2019, then winter 2020 at', 'Fall 2019', 'winter 2020'],
    ['since 5 May Smith limps', '5 May'],
    ['from 3 to 5 May at home', '3', '5 May'],
    ['in the summer of 1994', 'summer of 1994'],
    ['on Thursday, May 15, 2025 at', 'Thursday, May 15, 2025'],
    ['Mon 3 Feb 2025 between', 'Mon 3 Feb 2025'],
    ['am Mittwoch, den 12. März', 'Mittwoch, den 12. März'],
    ['na sexta-feira, 6 de junho de 2025', 'sexta-feira, 6 de junho de 2025'],
    ['on Friday 3/10/2025 I', 'Friday 3/10/2025'],
    ['by Tue 11/3, or', 'Tue 11/3'],
    ['see you Monday 3rd', 'Monday 3rd'],
    ['on the 3rd of May, nineteen ninety', '3rd of May, nineteen ninety'],
    ['on the fourth of July she', 'fourth of July'],
    ['from March the 9th, 2020', 'March the 9th, 2020'],
    ['card expires 04/28, ok', '04/28'],
    ['"expiry":"11/2027"', '11/2027'],
    ['4000 0000 0000 0002 08/29 123', '08/29'],
    ['valid thru 1/30', '1/30'],
    ['Visa exp. 10/29', '10/29'],
    ['le douze juin 1971, à', 'douze juin 1971'],
    ["since March of '19", "March of '19"],
    ['gültig bis 10/26', '10/26'],
    ['member since: 2019-11', '2019-11'],
    ['DEP 14NOV LIS', '14NOV'],
    ['退職日:R5.12.31', 'R5.12.31'],
    ['from 11.01. to 19.01.2024 for', '11.01.', '19.01.2024'],
    ['by decision of 17 X 2021.', '17 X 2021'],
    [':20:PAYREF4471\n:32A:240115EUR12500,00', '240115'],
    ['wydany 8.VI.2009 r.', '8.VI.2009'],
    ['issued on 2011. 2. 25., as', '2011. 2. 25.'],
  ],
  rejects: [
    'in 2024',
    'bump libpng 1.6.39 -> 1.6.43, fixes',
    'a 12 X 2021 grid',
    'sections 1.1. to 1.2. of',
    'version 12.3.1',
    'Version 2024.11.3 was',
    'the march of time',
    '45/67/2024',
    'ratio 3/4',
    'rooms 3 and 5 may be used',
    'a summer in 1994',
    'winter coats 2024',
    'bis 4.2. lesen',
    'den 2.5. Parameter',
    'We fall 2000 units short',
    'Spring 2021 Framework',
    'spring 2024 constants',
    'Spring 2023.1',
    'Items 3 and 4 may include rust',
    'Step 5 may fail',
    '10-20-30-40',
    'Friday the 13th',
    'Sat 3/4 of the exam',
    'open Mon 9-5',
    'so 4 of them may',
    'it expires in 3/4 of cases',
    'on the fourth of the month',
    'Update 2024.11.3 adds',
    'a score of 09/27',
    'since 12/15 tests pass',
    'items 2019-11',
    'lens 10DEC-4',
    'we may second that',
    'Sun 4.2.1 was a workstation',
  ],
};
