// Tax, health and licence numbers, each from the rule of the authority that issues it.
import { luhnDigit, mod11And10, weigh } from './check-digits.js';
import { CAPITALS, checked, grouped, oneDigit, two, type Draw } from './draw.js';
import type { Kind } from './kinds.js';

const gap = (draw: Draw, ...others: readonly string[]): string => draw.pick(['', ...others]);

/** Bundeszentralamt: one digit twice among the first ten, another missing, then MOD 11,10. */
function idnr(draw: Draw): string {
  const left = Array.from('0123456789');
  const digits = Array.from({ length: 9 }, () => left.splice(draw.int(0, left.length - 1), 1)[0]);
  const body = [...digits, draw.pick(digits)].join('');
  if (body.startsWith('0')) return idnr(draw);
  return grouped(body + mod11And10(body), [2, 3, 3, 3], gap(draw, ' '));
}

const ein = (draw: Draw): string =>
  `${draw.pick(['12', '20', '27', '35', '46', '52', '61', '75', '84', '95'])}-${draw.fill('#######')}`;
const pan = (draw: Draw): string =>
  `${draw.fill('@@@')}${draw.of('PCHF', 1)}${draw.fill('@####@')}`;
const abn = (draw: Draw): string => {
  const body = draw.fill('#########');
  const weights = [3, 5, 7, 9, 11, 13, 15, 17, 19];
  const check = 99 - (weigh(body, weights) % 89);
  return grouped(`${String(check)}${body}`, [2, 3, 3, 3], gap(draw, ' '));
};
const nip = (draw: Draw): string =>
  grouped(
    checked(
      draw,
      () => `${draw.of('123456789', 3)}${draw.fill('######')}`,
      (body) => oneDigit(weigh(body, [6, 5, 7, 2, 3, 4, 5, 6, 7]) % 11),
    ),
    [3, 3, 2, 2],
    gap(draw, '-'),
  );
const siren = (draw: Draw): string => {
  const body = draw.fill('########');
  return grouped(body + luhnDigit(body), [3, 3, 3], gap(draw, ' '));
};
const partitaIva = (draw: Draw): string => {
  const body = `${draw.fill('#######')}${draw.pick(['015', '058', '063', '048'])}`;
  return body + luhnDigit(body);
};
const cnpj = (draw: Draw): string => {
  const digit = (body: string): string => {
    const rest =
      weigh(
        body,
        Array.from(body, (_, at) => ((body.length - 1 - at) % 8) + 2),
      ) % 11;
    return rest < 2 ? '0' : String(11 - rest);
  };
  let number = `${draw.fill('########')}0001`;
  number += digit(number);
  number += digit(number);
  return number.replace(/(..)(...)(...)(....)(..)/, draw.pick(['$1.$2.$3/$4-$5', '$1$2$3$4$5']));
};
const deVat = (draw: Draw): string => {
  const body = `${String(draw.int(1, 9))}${draw.fill('#######')}`;
  return `DE${gap(draw, ' ')}${body}${mod11And10(body)}`;
};
const frVat = (draw: Draw): string => {
  const number = siren(draw).replaceAll(' ', '');
  return `FR${gap(draw, ' ')}${two((12 + 3 * (Number(number) % 97)) % 97)}${number}`;
};
const gbVat = (draw: Draw): string => {
  const body = `${draw.pick(['1', '2', '3', '6', '8'])}${draw.fill('######')}`;
  const rest = weigh(body, [8, 7, 6, 5, 4, 3, 2]) % 97;
  return grouped(`GB${body}${two(97 - rest)}`, [2, 3, 4, 2], gap(draw, ' '));
};

const VAT = ['vat', 'vat number', 'vat id', 'vat reg no'];
export const TAX_KINDS: readonly Kind[] = [
  { type: 'TAX_ID', cues: ['steuer-id', 'steueridentifikationsnummer'], value: idnr },
  { type: 'TAX_ID', cues: ['ein', 'employer identification number'], value: ein },
  { type: 'TAX_ID', cues: ['pan', 'pan card'], value: pan },
  { type: 'TAX_ID', cues: ['abn', 'australian business number'], value: abn },
  { type: 'TAX_ID', cues: ['nip'], value: nip },
  { type: 'TAX_ID', cues: ['siren'], value: siren },
  { type: 'TAX_ID', cues: ['partita iva', 'p. iva'], value: partitaIva },
  { type: 'TAX_ID', cues: ['cnpj'], value: cnpj },
  { type: 'TAX_ID', cues: [...VAT, 'ust-idnr', 'ust-id'], value: deVat, bare: true },
  { type: 'TAX_ID', cues: [...VAT, 'tva intracommunautaire'], value: frVat, bare: true },
  { type: 'TAX_ID', cues: VAT, value: gbVat, bare: true },
];

const nhs = (draw: Draw): string =>
  grouped(
    checked(
      draw,
      () => draw.fill('#########'),
      (body) => oneDigit((11 - (weigh(body, [10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11)) % 11),
    ),
    [3, 3, 4],
    gap(draw, ' ', '-'),
  );
const MBI_LETTERS = 'ACDEFGHJKMNPQRTUVWXY';
const mbi = (draw: Draw): string => {
  const l = (): string => draw.of(MBI_LETTERS, 1);
  const n = (): string => draw.fill('#');
  const parts = [
    `${String(draw.int(1, 9))}${l()}${draw.pick([l(), n()])}${n()}`,
    `${l()}${draw.pick([l(), n()])}${n()}`,
    `${l()}${l()}${n()}${n()}`,
  ];
  return parts.join(gap(draw, '-'));
};
/** GKV: a letter as two digits and eight digits; Luhn from the left. */
const kvnr = (draw: Draw): string => {
  const letter = draw.of(CAPITALS, 1);
  const digits = draw.fill('########');
  const whole = two(CAPITALS.indexOf(letter) + 1) + digits;
  const sum = [...whole].reduce((total, digit, at) => {
    const product = Number(digit) * (at % 2 === 0 ? 1 : 2);
    return total + (product > 9 ? product - 9 : product);
  }, 0);
  return `${letter}${digits}${String(sum % 10)}`;
};
const auMedicare = (draw: Draw): string => {
  const body = `${String(draw.int(2, 6))}${draw.fill('#######')}`;
  const check = String(weigh(body, [1, 3, 7, 9, 1, 3, 7, 9]) % 10);
  return grouped(body + check + String(draw.int(1, 9)), [4, 5, 1], gap(draw, ' '));
};

export const HEALTH_KINDS: readonly Kind[] = [
  { type: 'HEALTH_ID', cues: ['nhs number', 'nhs no', 'nhs'], value: nhs },
  { type: 'HEALTH_ID', cues: ['mbi', 'medicare number', 'medicare id'], value: mbi, bare: true },
  {
    type: 'HEALTH_ID',
    cues: ['kvnr', 'versichertennummer', 'krankenversichertennummer'],
    value: kvnr,
  },
  { type: 'HEALTH_ID', cues: ['medicare card', 'medicare no'], value: auMedicare },
  {
    type: 'HEALTH_ID',
    cues: [
      'health plan number',
      'beneficiary id',
      'medicaid id',
      'subscriber id',
      'health insurance id',
    ],
    value: (draw) =>
      draw.fill(draw.pick(['@@@-#######', '@#########', '#########', 'HP-####-####'])),
  },
];

const npi = (draw: Draw): string => {
  const body = `${draw.pick(['1', '2'])}${draw.fill('########')}`;
  return body + luhnDigit(`80840${body}`);
};
const dea = (draw: Draw): string => {
  const digits = draw.fill('######');
  const sum = weigh(digits, [1, 2, 1, 2, 1, 2]);
  return `${draw.of('ABFGM', 1)}${draw.fill('@')}${digits}${String(sum % 10)}`;
};
export const LICENSE_KINDS: readonly Kind[] = [
  {
    type: 'LICENSE_NUMBER',
    cues: ['npi', 'npi number', 'national provider identifier'],
    value: npi,
  },
  {
    type: 'LICENSE_NUMBER',
    cues: ['dea', 'dea number', 'dea registration'],
    value: dea,
    bare: true,
  },
  {
    type: 'LICENSE_NUMBER',
    cues: [
      'medical license',
      'license number',
      'nursing license',
      'certificate number',
      'bar number',
    ],
    value: (draw) =>
      draw.fill(draw.pick(['@@######', '@#######', '##-######', 'RN#######', '########'])),
  },
  {
    type: 'CASE_NUMBER',
    cues: ['docket number', 'court file number', 'case reference', 'crime reference number'],
    value: (draw) =>
      draw.fill(draw.pick(['CR-20##-0#####', '####-CV-####', '##/#####/2#', 'CV-##-######'])),
  },
  {
    // A federal court of the United States, and registers of German ones.
    type: 'CASE_NUMBER',
    cues: ['docket number', 'case reference'],
    value: (draw) =>
      draw.pick([
        () => draw.fill(`${draw.of('1234568', 1)}:2#-${draw.pick(['cv', 'cr', 'mj'])}-0####`),
        () => `${draw.of('123456789', 1)} StR ${draw.fill('###')}/${draw.fill('2#')}`,
        () => `${draw.pick(['II', 'IV', 'VI', 'XII'])} ZR ${draw.fill('###')}/${draw.fill('2#')}`,
      ])(),
    bare: true,
  },
];
