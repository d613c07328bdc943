// Banking, cards and wallets, from ISO 7812, 9362 and 13616, the ABA's rule, base58check and BIP 173.
import { base58Check, bech32, ibanDigits, luhnDigit, remainder, weigh } from './check-digits.js';
import { checked, grouped, two, type Draw } from './draw.js';
import type { Kind } from './kinds.js';

/** Prefix and length by network. */
const NETWORKS = [
  ['4', 16],
  ['4', 16],
  ['51', 16],
  ['54', 16],
  ['2221', 16],
  ['34', 15],
  ['37', 15],
  ['6011', 16],
  ['65', 16],
  ['3528', 16],
  ['36', 14],
  ['62', 16],
] as const;

export function cardNumber(draw: Draw): string {
  const [prefix, length] = draw.pick(NETWORKS);
  const body = prefix + draw.of('0123456789', length - prefix.length - 1);
  const number = body + luhnDigit(body);
  const sizes = length === 16 ? [4, 4, 4, 4] : [4, 6, length - 10];
  return grouped(number, sizes, draw.pick(['', ' ', '-', ' ']));
}

/** Country -> account as its registry entry describes it (national check digits left open). */
const ACCOUNTS: Readonly<Record<string, (draw: Draw) => string>> = {
  DE: (draw) => draw.fill('##################'),
  GB: (draw) => draw.fill('@@@@##############'),
  FR: (draw) => {
    const body = draw.fill('#####################');
    return body + two(97 - remainder(`${body}00`, 97));
  },
  NL: (draw) => draw.fill('@@@@##########'),
  ES: (draw) => {
    const [bank, account] = [draw.fill('########'), draw.fill('##########')];
    const digit = (weights: readonly number[], body: string): string => {
      const rest = 11 - (weigh(body, weights) % 11);
      return String(rest === 11 ? 0 : rest === 10 ? 1 : rest);
    };
    const first = digit([4, 8, 5, 10, 9, 7, 3, 6], bank);
    return `${bank}${first}${digit([1, 2, 4, 8, 5, 10, 9, 7, 3, 6], account)}${account}`;
  },
  CH: (draw) => draw.fill('#####????????????'),
  AT: (draw) => draw.fill('################'),
  IE: (draw) => draw.fill('@@@@##############'),
  DK: (draw) => draw.fill('##############'),
  PT: (draw) => {
    const body = draw.fill('###################');
    return body + two(98 - remainder(`${body}00`, 97));
  },
};

export function iban(draw: Draw): string {
  const country = draw.pick(Object.keys(ACCOUNTS));
  const account = ACCOUNTS[country]?.(draw) ?? '';
  const whole = `${country}${ibanDigits(country, account)}${account}`;
  const sizes = Array.from({ length: 9 }, () => 4);
  return grouped(whole, sizes, draw.pick(['', ' ', ' ', '-']));
}

const bic = (draw: Draw): string => {
  const country = draw.pick(['DE', 'FR', 'GB', 'US', 'NL', 'IT', 'ES', 'CH']);
  return `${draw.fill('@@@@')}${country}${draw.fill('@@')}${draw.pick(['', 'XXX', draw.fill('###')])}`;
};

export const routingNumber = (draw: Draw): string =>
  checked(
    draw,
    () =>
      `${draw.pick(['02', '03', '06', '07', '09', '11', '12', '26', '31', '32'])}${draw.fill('######')}`,
    (body) => String((10 - (weigh(body, [3, 7, 1, 3, 7, 1, 3, 7]) % 10)) % 10),
  );

const five = (draw: Draw, length: number): number[] =>
  Array.from({ length }, () => draw.int(0, 31));

function wallet(draw: Draw): string {
  const hash = Buffer.from(draw.fill('&'.repeat(40)), 'hex');
  return draw.pick([
    () => base58Check(0, hash),
    () => base58Check(5, hash),
    // 160 bits are 32 words of five bits.
    () => bech32('bc', [0, ...five(draw, 32)]),
    () => `0x${draw.fill('&'.repeat(40))}`,
  ])();
}

const ACCOUNT_SHAPES = [
  '########',
  '##########',
  '##-####-###',
  '####-####',
  'AC-#######',
  '@@#######',
  '### ### ###',
];
const CUSTOMER_SHAPES = ['C-######', '#######', 'CUST-#####', '@#####', '####-#####'];

export const FINANCE_KINDS: readonly Kind[] = [
  {
    type: 'CREDIT_CARD',
    cues: ['card', 'credit card', 'card number', 'visa card', 'debit card'],
    value: cardNumber,
    bare: true,
  },
  {
    type: 'IBAN_CODE',
    cues: ['iban', 'bank account', 'account iban'],
    value: iban,
    bare: true,
    anyCase: true,
  },
  { type: 'BANK_CODE', cues: ['bic', 'swift', 'swift code', 'bic code'], value: bic },
  {
    type: 'BANK_CODE',
    cues: ['routing number', 'aba routing number', 'aba'],
    value: routingNumber,
  },
  {
    type: 'CRYPTO_ADDRESS',
    cues: ['wallet', 'bitcoin address', 'payout address'],
    value: wallet,
    bare: true,
  },
  {
    type: 'ACCOUNT_NUMBER',
    cues: ['account', 'account number', 'acct', 'bank account no', 'loan account', 'konto'],
    value: (draw) => draw.fill(draw.pick(ACCOUNT_SHAPES)),
  },
  {
    type: 'ACCOUNT_NUMBER',
    cues: [
      'customer id',
      'customer number',
      'member id',
      'employee id',
      'kundennummer',
      'policy number',
      'client id',
    ],
    value: (draw) => draw.fill(draw.pick(CUSTOMER_SHAPES)),
  },
  {
    type: 'MONEY',
    cues: ['amount', 'total', 'price'],
    bare: true,
    value: (draw) => {
      const whole = draw.int(1, 9999);
      const [plain, cents] = [String(whole), two(draw.int(0, 99))];
      const thousands = whole.toLocaleString('en-US');
      return draw.pick([
        `$${thousands}.${cents}`,
        `€${plain}`,
        `£${thousands}`,
        `${plain}.${cents} EUR`,
        `USD ${thousands}`,
        `${plain},${cents} €`,
        `${plain} dollars`,
        `CHF ${plain}`,
        `$${String(draw.int(1, 99))} million`,
      ]);
    },
  },
];
