import type { Recognizer } from '../types.js';
import { besideLabel } from './labelled.js';

const PLANS = [
  ...[
    'health plan',
    'health insurance',
    'beneficiary',
    'medicaid',
    'medicare',
    'health plan beneficiary',
    'hicn',
    'mbi',
  ],
  ...[
    'medi-cal',
    'tricare',
    'champva',
    'insurance card',
    'zorgpolis',
    'zorgverzekering',
    'health card',
    'ohip',
    'hcn',
    'phn',
    'personal health number',
  ],
  ...[
    'phin',
    'subscriber',
    'plan member',
    'insurance member',
    'medicaid recipient',
    'recipient',
    'insurer id',
  ],
  ...[
    'insurer number',
    'insurer no',
    'insured id',
    'insured number',
    'payer member',
    'health fund',
    'medical card',
  ],
  ...[
    'gms number',
    'h&c number',
    'health and care number',
    'ihi',
    'ehic',
    'ghic',
    'dva',
    'private health',
  ],
  ...[
    'krankenversichertennummer',
    'kvnr',
    'versichertennummer',
    'versichertennr',
    'versicherten-nr',
    'kv-nr',
  ],
  ...['n° d’adhérent', "n° d'adhérent", 'numéro d’adhérent', "numéro d'adhérent", 'ceam', 'n° amc'],
  ...[
    'carte européenne d’assurance maladie',
    "carte européenne d'assurance maladie",
    'numéro mutuelle',
  ],
  ...[
    'tarjeta sanitaria europea',
    'tarjeta sanitaria',
    'número de afiliado',
    'nº de afiliado',
    'n.º de asegurado',
  ],
  ...[
    'tessera sanitaria',
    'codice assistito',
    'número de utente',
    'nº de utente',
    'n.º de utente',
    'n.º utente',
  ],
  ...[
    'cartão sus',
    'cartão nacional de saúde',
    'carteirinha',
    'zorgpas',
    'verzekerdennummer',
    'verzekerdenummer',
  ],
  ...['numer ubezpieczenia', 'ekuz', '医保卡号', '保険証番号', '被保険者番号', '記号・番号'],
];

const INSURERS = [
  ...[
    'blue cross',
    'blue shield',
    'bcbs',
    'bluecross',
    'aetna',
    'cigna',
    'humana',
    'kaiser',
    'anthem',
    'uhc',
  ],
  ...['unitedhealthcare', 'bupa', 'medibank', 'adhérent', 'mutuelle'],
];

/** Of several parts: an insurer's letters and digits, or digits alone. */
const IN_PARTS = [
  String.raw`[A-Z]{2,4}(?: \d{2,5}){2,4}(?: \d)?`,
  String.raw`\d{3}(?: \d{4}){3}|\d{3,4}(?:[ -]\d{3,4}){2}(?:[ -]?(?!VC)[A-Z]{2})?`,
  String.raw`[A-Z]\d{3,5}[ -]\d{4,6}(?:-\d{1,2})?`,
  String.raw`\d{2,8}・\d{1,8}`,
].join('|');

export const healthPlan: Recognizer = {
  name: 'health-plan-number',
  type: 'HEALTH_ID',
  patterns: [
    ...besideLabel(
      PLANS,
      String.raw`${IN_PARTS}|(?=[\p{L}\d -]{0,16}\d)[\p{L}\d][\p{L}\d-]{4,19}`,
      { score: 0.87 },
    ),
    ...besideLabel(
      INSURERS,
      String.raw`[A-Z]{2,4}(?: \d{2,5}){2,4}(?: \d)?|[A-Z]{1,4}\d{5,12}(?:-\d{1,2})?|\d{7,12}`,
      { score: 0.87, needs: 'verb' },
      'behind-insurer',
    ),
    // Brazil.
    ...besideLabel(['cns'], String.raw`\d{3} ?\d{4} ?\d{4} ?\d{4}`, { score: 0.92 }, 'brazil'),
    // Scotland: a day of birth and four digits. `chi` is a Greek letter too, and Italian for who.
    ...besideLabel(
      ['chi', 'community health index'],
      String.raw`(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])\d{2}[ -]?\d{4}`,
      { score: 0.96 },
      'scotland',
    ),
    ...besideLabel(
      ['nhi'],
      String.raw`[A-HJ-NP-Z]{3}(?:\d{4}|\d{2}[A-HJ-NP-Z]{2})`,
      { score: 0.92 },
      'new-zealand',
    ),
    ...besideLabel(
      ['ramq', 'carte soleil', 'carte d’assurance maladie', "carte d'assurance maladie", 'nam'],
      String.raw`[A-Z]{4} ?\d{4} ?\d{4}`,
      { score: 0.95 },
      'quebec',
    ),
    {
      name: 'medicare-beneficiary',
      regex:
        /(?<![\w-])[1-9][AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y\d]\d-?[AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y\d]\d-?[AC-HJKMNP-RT-Y]{2}\d{2}(?![\w-])/g,
      score: 0.9,
      anchor: 'number',
    },
  ],
  validate: (value) =>
    value.replace(/\D/g, '').length >= (/^[A-Z]{3}\d\d[A-Z]{2}$/i.test(value) ? 2 : 4) &&
    !/^\p{Ll}+ /u.test(value)
      ? 'passed'
      : 'failed',
  matches: [
    ['MBI 1EG4-TE5-MK73', '1EG4-TE5-MK73'],
    ['health plan number: HPB-4829137', 'HPB-4829137'],
    ['Medicaid ID 482913770', '482913770'],
    ["mutuelle: n° d'adhérent 03900957 chez", '03900957'],
    ['Subscriber ID: XEH 884 207 713', 'XEH 884 207 713'],
    ['Subscriber: TRW 0617 2203 5.', 'TRW 0617 2203 5'],
    ["the patient's insurer ID is KLP 6172 2035 02", 'KLP 6172 2035 02'],
    ['Versichertennr. T488782008, Mitglied', 'T488782008'],
    ['Medicaid recipient no. HI18669U (NY)', 'HI18669U'],
    ['1EG4TE5MK73', '1EG4TE5MK73'],
    ['Blue Cross ID: ZGP 617 220 355', 'ZGP 617 220 355'],
    ['Health card no. 6172-203-554 VC KL', '6172-203-554'],
    ['Her CHI is 1704612235.', '1704612235'],
    ['NHI ZKC6172, enrolled', 'ZKC6172'],
    ['RAMQ TREM 6172 2035', 'TREM 6172 2035'],
    ['PHN 9617 220 355, referred', '9617 220 355'],
    ['Ontario health card 6172-203-554-KL', '6172-203-554-KL'],
    ['Cartão SUS 700 6172 2035 5441', '700 6172 2035 5441'],
    ['国民健康保険 記号・番号 6172・203 本人', '6172・203'],
  ],
  rejects: [
    'medicare part B',
    'health insurance costs',
    'beneficiary 12',
    'subscriber since',
    'chi-square 0412, p < .05',
    'chi square = 9912345678',
    'Aetna cut 12000 jobs in 2023, Cigna 4,500',
    'NHI figures of 2023',
    'the insurer paid 4820 for the roof',
  ],
};
