import type { Recognizer } from '../types.js';
import { CASE_LABELS } from './case-labels.js';
import { besideLabel } from './labelled.js';

/** `12 O 345/19`, `II K 123/19`, or letters and numbers in any order. */
const NUMBER = String.raw`(?:\d{1,4}|[IVX]{1,5}) [A-Z]{1,5} \d{1,6}\/\d{2,4}|(?:[\p{L}]{1,5}[-/ ]?)?\d{1,12}(?:[-/.:](?:\d{1,8}|[A-Z]{1,4})| \d{3,6}){0,5}`;
/** A word of a court or the police stands before, and the number is written as theirs are, a year in it. */
const BEFORE = [
  ...['appeal', 'claim', 'complaint', 'case', 'petition', 'prosecution', 'tribunal', 'court'],
  ...[
    'proceedings',
    'indictment',
    'indicted',
    'charge',
    'charged',
    'warrant',
    'lawsuit',
    'docket',
    'reported',
  ],
  ...['police', 'arrest', 'arrested', 'sheriff', 'custody', 'suit', 'cause', 'hearing', 're:?'],
].join('|');
const OF_YEAR = [
  String.raw`[A-Z]{1,6}[-/](?:19|20)\d{2}[-/]\d{2,7}`,
  String.raw`[A-Z]{1,6}[-/]\d{1,7}[-/](?:19|20)?\d{2}`,
  String.raw`[A-Z]{1,4}[-/]\d{2}[-/]\d{3,7}`,
  String.raw`(?:19|20)\d{2}[-/](?:[A-Z]{1,4}[-/]\d{3,8}|0?\d{5,8})(?:[-/][A-Z]{1,3})?`,
  String.raw`[A-Z](?:19|20)\d{2}[- ]?\d{4}`,
  String.raw`(?:19|20)\d{2}\/\d{5,8}|\d{2,5}-\d{3,6}\/(?:19|20)\d{2}`,
].join('|');
/** Kinds of cases in the numbers of courts of the states. */
const KINDS = 'CV|CR|CF|CM|DR|FA|JV|SC|TR|MM|CT|PR|CIV|CRIM|FAM|PC|GC|CP|CA|FC|MD|DV';

/** What a number with the year behind it belongs to when it stands before: an act has one too. */
const OF = [
  'applications?',
  'appl\\.',
  'app\\.',
  'cases?',
  'complaints?',
  'petitions?',
  'appeals?',
  'indictment',
].join('|');
const NO = String.raw`(?:(?:nos?|nr)\.?|numbers?|n[°º]|№|#)`;
/** Four digits, or a year in full: a crate is number 1/24, an item of an agenda 3/24. */
const WITH_YEAR = String.raw`(?:\d{4,6}\/\d{2}(?!\d)|\d{1,6}\/(?:19|20)\d{2})`;

/** Registers of German courts that a reader knows without a cue. */
const REGISTERS = 'BvR|BvL|BvE|BvQ|StR|StE|ZR|ZB|AZR|AZB|BGs|KLs';
/** Those that are letters of something else as well: a court or what it decides stands before. */
const SHORT_REGISTERS = 'UF|WF|Ws|Js|Ds|Ca|Sa|KR';
const GERMAN_COURT =
  'Az\\.?|Aktenzeichen|Urteil|Beschluss|Beschl\\.|Urt\\.|Verfahren|Gericht|Amtsgericht|Landgericht|Arbeitsgericht|Oberlandesgericht|[ALO]?LG|AG|ArbG|LAG|BAG|StA|Staatsanwaltschaft';

/** Court cases, investigations and police reports: what leads to a person in a public register. */
export const caseNumber: Recognizer = {
  name: 'case-number',
  type: 'CASE_NUMBER',
  patterns: [
    ...besideLabel(CASE_LABELS, String.raw`(?=[^\d\n]{0,6}\d)(?:${NUMBER})`, { score: 0.85 }),
    {
      name: 'with-year',
      regex: new RegExp(
        String.raw`(?<=(?<![\p{L}\p{N}])(?:${OF}),? {0,2}\(?${NO} ?(?:${WITH_YEAR},? (?:and |& )?){0,6})${WITH_YEAR}(?![\d/])`,
        'giu',
      ),
      score: 0.9,
      anchor: 'number',
    },
    ...besideLabel(
      ['az', 'az.'],
      String.raw`(?:\d{1,4}|[IVX]{1,5}) [A-Z][A-Za-z]{0,3} \d{1,6}\/\d{2,4}`,
      { score: 0.9 },
      'german-file',
    ),
    {
      // Year, court, kind and number.
      name: 'china',
      regex: /[((]20\d{2}[))]\p{Script=Han}{1,3}\d{0,4}\p{Script=Han}{1,4}\d{1,6}号/gu,
      score: 0.95,
      anchor: 'number',
    },
    {
      name: 'united-states',
      regex:
        /(?<![\w:-])\d:\d{2}-(?:cv|cr|mj|bk|md|mc|po|ap)-\d{3,6}(?:-[A-Z]{1,4}){0,4}(?![\w-])/gi,
      score: 0.95,
      anchor: 'number',
    },
    {
      name: 'state-court',
      regex: new RegExp(
        String.raw`(?<![\p{L}\p{N}/-])(?:[A-Z]-?\d{1,4}-(?:${KINDS})-(?:19|20)\d{2}-\d{3,7}|\d{0,3}-?(?:19|20)?\d{2}-?(?:${KINDS})-?\d{4,8}(?:-[A-Z\d]{1,4}){0,2}|(?:${KINDS})-?(?:19|20)\d{2}-\d{3,8}|(?:${KINDS})-\d{2}-\d{4,8})(?![\p{L}\p{N}/-])`,
        'gu',
      ),
      score: 0.85,
      anchor: 'number',
    },
    {
      // The appeal's kind, then number and year; of chambers of immigration and asylum.
      name: 'united-kingdom',
      regex:
        /(?<![\p{L}\p{N}/])(?:(?:PA|HU|EA|DA|IA|AA|RP|DC|LP|VA|OA)\/\d{5}\/(?:19|20)\d{2}|UKAIT\/(?:19|20)\d{2}\/\d{3,6})(?![\p{L}\p{N}/])/gu,
      score: 0.95,
      anchor: 'number',
    },
    {
      name: 'india',
      regex:
        /(?<=(?<!\p{L})(?:W\.? ?P\.?|SLP|Crl\.? ?A\.?|C\.A\.?|O\.S\.?|C\.S\.?|M\.A\.?|(?:writ petition|(?:civil|criminal|special leave) (?:appeal|petition)))(?: ?\((?:c|crl|civil|criminal|md|pil)\.?\))? ?(?:nos?\.? ?)?)\d{1,6} ?(?:\/|of) ?(?:19|20)\d{2}(?!\d)/giu,
      score: 0.92,
      anchor: 'number',
    },
    {
      // Receipts of applications for residence in the United States, by the centre that gave them.
      name: 'united-states-residence',
      regex: /(?<![\p{L}\p{N}])(?:MSC|EAC|WAC|LIN|SRC|NBC|YSC|IOE)-?\d{10}(?![\p{L}\p{N}])/gu,
      score: 0.92,
      anchor: 'number',
    },
    {
      name: 'written-as-cases-are',
      regex: new RegExp(
        String.raw`(?<=(?<!\p{L})(?:${BEFORE})(?:[ ,:](?:[^\n.;]|\.(?! \p{Lu})){0,50})?[ (:])(?:${OF_YEAR})(?![\p{L}\p{N}/-])`,
        'giu',
      ),
      score: 0.75,
      anchor: 'number',
    },
    {
      // Of a federal bankruptcy court, or of an authority.
      name: 'year-and-number',
      regex:
        /(?<=(?<!\p{L})(?:chapter \d{1,2}|bankruptcy|court|tribunal|agency|directorate|ministry|authority|immigration|ombudsman|commission)(?!\p{L})[^\n]{0,160}[ (,]case(?: no\.?| number)?:? )\d{2}-\d{5,6}(?:-[A-Za-z]{2,4})?(?![\w-])/giu,
      score: 0.85,
      anchor: 'number',
    },
    {
      // Before or behind the court that it is of: acts of parliament have such numbers as well.
      name: 'italy',
      regex:
        /(?<=(?<!\p{L})(?:decreto|sentenza|ordinanza|ricorso|procedimento) n\.? ?(?:r\.g\. )?)\d{1,6}\/(?:19|20)\d{2}(?=[^\n]{0,60}(?:Tribunale|Corte|Giudice|Procura)(?!\p{L}))|(?<=(?:Tribunale|Corte d['’]Appello|Giudice di Pace|Procura)(?!\p{L})[^\n]{0,60}(?:decreto|sentenza|ordinanza|ricorso|procedimento) n\.? ?(?:r\.g\. )?)\d{1,6}\/(?:19|20)\d{2}(?!\d)/giu,
      score: 0.8,
      anchor: 'number',
    },
    {
      name: 'germany',
      regex: new RegExp(
        String.raw`(?<![\p{L}\p{N}])(?:\d{1,4}|[IVX]{1,5}) (?:${REGISTERS}) \d{1,6}\/\d{2}(?![\d/])`,
        'gu',
      ),
      score: 0.9,
      anchor: { around: REGISTERS.toLowerCase().split('|'), before: 8, after: 16 },
    },
    {
      name: 'germany-behind-court',
      regex: new RegExp(
        String.raw`(?<=(?<!\p{L})(?:${GERMAN_COURT})(?!\p{L})[^\n]{0,40})(?<![\p{L}\p{N}])(?:\d{1,4}|[IVX]{1,5}) (?:${SHORT_REGISTERS}) \d{1,6}\/\d{2}(?![\d/])`,
        'gu',
      ),
      score: 0.9,
      anchor: 'number',
    },
    {
      name: 'ecli',
      regex: /(?<![\w:])ECLI:[A-Z]{2}:[A-Z\d]{1,7}:\d{4}:[A-Z\d.]{1,25}(?<!\.)/g,
      score: 0.95,
      anchor: ['ecli'],
    },
  ],
  validate: (value) =>
    // The last word of a sentence is no prefix.
    !/^\p{Ll}+ /u.test(value) && value.replace(/\D/g, '').length >= (/^\d+$/.test(value) ? 5 : 3)
      ? 'passed'
      : 'failed',
  matches: [
    ['in an application (no. 36110/97) against', '36110/97'],
    ['applications nos. 10486/83 and 12244/86 lodged', '10486/83', '12244/86'],
    ['in criminal case no. 1234/2003 the', '1234/2003'],
    ['filed as 3:19-cv-01234-RS, in', '3:19-cv-01234-RS'],
    ['Urteil vom 3. Mai, 2 BvR 1234/05, zu', '2 BvR 1234/05'],
    ['BGH VI ZR 123/20 vom', 'VI ZR 123/20'],
    ['LG Köln, Urteil vom 2. Mai, 7 Ds 31/22', '7 Ds 31/22'],
    ['Aktenzeichen: 12 O 345/19', '12 O 345/19'],
    ['the docket number is CR-2019-004512.', 'CR-2019-004512'],
    ['Crime reference 42/12345/21', '42/12345/21'],
    ['see ECLI:NL:RBAMS:2019:1234.', 'ECLI:NL:RBAMS:2019:1234'],
    ['Az. 14 O 227/24, Landgericht', '14 O 227/24'],
    ['дело № А40-118724/2023 отложено', 'А40-118724/2023'],
    ['CNR: MHPU020148172023 next', 'MHPU020148172023'],
    ['sygn. akt II K 123/19', 'II K 123/19'],
    ['the appeal, reference HU/02917/2021, was', 'HU/02917/2021'],
    ['W.P.(Crl.) 2917/2019 was listed', '2917/2019'],
    ['Civil Appeal No. 1187 of 2016', '1187 of 2016'],
    ['State v. Rourke, D-307-CV-2018-01187', 'D-307-CV-2018-01187'],
    ['Smith v. Jones, 2021-CF-004417', '2021-CF-004417'],
    ['Police file 2022-118720 was opened', '2022-118720'],
    ['receipt EAC2218720443 of', 'EAC2218720443'],
    ['the indictment is T20197044', 'T20197044'],
    ['employment tribunal claim, lodged as ET/11872/2020, is', 'ET/11872/2020'],
    ['WCB no. H 118 7204', 'H 118 7204'],
    ['filed under chapter 7 on May 2, case 22-63969-abc. Its', '22-63969-abc'],
    ['Con decreto n. 326/2019 il Tribunale di Bergamo', '326/2019'],
    ['reported to the police in proceedings 9655-4251/2022.', '9655-4251/2022'],
    ['(requête n° 2104471)', '2104471'],
    ['Mål nr B 2166-75.', 'B 2166-75'],
    ['tribunal number ARB/21/1187', 'ARB/21/1187'],
  ],
  rejects: [
    'Law no. 2845/1983',
    'Act no. 54/91 applied',
    'Directive 95/46/EC',
    'support case 12345 was closed',
    'application 2 of 3',
    'in 1 of 12 cases',
    'page 3/97',
    'Series A no. 154',
    'the docket has 4821 entries',
    'processo de 12345 horas',
    'incident report 12 pages long',
    'the case was closed on 2021-05-12 and',
    'the claim covers 2019-2021',
    'in case of error 2021-118',
    'Case No. 1/24 to 24/24, gross 120 kg',
    'Complaint no. 55/23 (goods)',
    'matter no. 3/24 of the agenda',
    'Proceedings No. 5/2020 of the IEEE',
    'police report lists 4821 burglaries',
    'Police report: 1500 bikes',
    'Court file drawer 1234',
    'Kabel 3 Ds 16/25',
    'Lösung 10 Ca 20/50',
    'the court heard 1187 witnesses',
    'part CR-2032 battery',
    'charge cycle 2021/05',
    'decreto legislativo n. 196/2003',
    'support case 12-345678 was closed',
    'agency rate 12-34567',
  ],
};
