import type { ActionSettings } from '../../../policies/index.js';
import type { KeyedDraw } from './keyed-draw.js';
import { digitsOf, drawDigits, shapeLike, withDigits } from './shape.js';

/**
 * Numbers that are never given out, by the country code they follow: 555-0100 to 555-0199 of any
 * area (North American Numbering Plan), Ofcom's and ARCEP's numbers for drama. `x` is any digit.
 */
const FICTIONAL: readonly (readonly [code: string, pattern: string])[] = [
  ['1', '1AAA55501xx'],
  ['44', '447700900xxx'],
  ['44', '441632960xxx'],
  ['33', '33639980xxx'],
  ['33', '33639981xxx'],
];

/** An area code that is no service code: it does not end in 11. */
function areaCode(draw: KeyedDraw): string {
  const area = `${String(2 + draw.below(8))}${drawDigits(draw, 2)}`;
  return area.endsWith('11') ? `${area.slice(0, 2)}2` : area;
}

const filled = (pattern: string, draw: KeyedDraw): string =>
  pattern.replace('AAA', () => areaCode(draw)).replace(/x/g, () => drawDigits(draw, 1));

function fictionalDigits(digits: string, isInternational: boolean, draw: KeyedDraw): string {
  if (!isInternational) {
    if (digits.length === 7) return filled('55501xx', draw);
    if (digits.length === 10 && !digits.startsWith('0')) return filled('AAA55501xx', draw);
    if (digits.length === 11 && digits.startsWith('1')) return filled('1AAA55501xx', draw);
    // No subscriber's number begins with 000 in any plan.
    return `000${drawDigits(draw, Math.max(0, digits.length - 3))}`.slice(0, digits.length);
  }
  const plans = FICTIONAL.filter(
    ([code, pattern]) => digits.startsWith(code) && pattern.length === digits.length,
  );
  const plan = plans.length === 0 ? undefined : draw.pick(plans);
  if (plan !== undefined) return filled(plan[1], draw);
  // Country code 999 is reserved by E.164 and leads nowhere.
  return `999${drawDigits(draw, Math.max(0, digits.length - 3))}`.slice(0, digits.length);
}

/** A phone number that nobody has, written the same way. */
export function surrogatePhone(value: string, draw: KeyedDraw): string {
  const [number = '', extension = ''] = value.split(/(?=\b(?:ext|x)\.?\s*\d)/i);
  const lead = /^\D*(?:\+|00)/.exec(number)?.[0] ?? '';
  const rest = number.slice(lead.length);
  const digits = fictionalDigits(digitsOf(rest), lead !== '', draw);
  const inner = withDigits(extension, drawDigits(draw, digitsOf(extension).length));
  return lead + withDigits(rest, digits) + inner;
}

function luhnDigit(digits: string): number {
  const sum = [...digits].reverse().reduce((total, digit, at) => {
    const doubled = Number(digit) * (at % 2 === 0 ? 2 : 1);
    return total + (doubled > 9 ? doubled - 9 : doubled);
  }, 0);
  return (10 - (sum % 10)) % 10;
}

/** A card number of the same network's first digit; its check digit as the policy says. */
export function surrogateCard(
  value: string,
  draw: KeyedDraw,
  { checksum }: Pick<ActionSettings, 'checksum'>,
): string | undefined {
  const digits = digitsOf(value);
  if (digits.length < 8) return undefined;
  const body = digits.charAt(0) + drawDigits(draw, digits.length - 2);
  const right = luhnDigit(body);
  const last = checksum === 'pass' ? right : (right + 1 + draw.below(9)) % 10;
  return withDigits(value, body + String(last));
}

/** ISO 7064 MOD 97-10 of letters and digits, letters as 10 to 35. */
function mod97(text: string): number {
  let rest = 0;
  for (const char of text) {
    const number = Number.parseInt(char, 36);
    rest = (rest * (number > 9 ? 100 : 10) + number) % 97;
  }
  return rest;
}

/** An IBAN of the same country and grouping (ISO 13616); its check digits as the policy says. */
export function surrogateIban(
  value: string,
  draw: KeyedDraw,
  { checksum }: Pick<ActionSettings, 'checksum'>,
): string | undefined {
  const compact = value.replace(/[^A-Za-z0-9]/g, '').toUpperCase();
  if (!/^[A-Z]{2}\d{2}[A-Z0-9]{8,30}$/.test(compact)) return undefined;
  const account = shapeLike(compact.slice(4), draw);
  const right = 98 - mod97(`${account}${compact.slice(0, 2)}00`);
  // Valid check digits are 2 to 98, and no two of them are equal modulo 97.
  const check = checksum === 'pass' ? right : 2 + ((right - 2 + 1 + draw.below(96)) % 97);
  const made = `${compact.slice(0, 2)}${String(check).padStart(2, '0')}${account}`;
  let at = 0;
  return value.replace(/[A-Za-z0-9]/g, () => made[at++] ?? '');
}

/** Area numbers 000 and 666 are never assigned (SSA, POMS RM 10201.035). */
export function surrogateSsn(value: string, draw: KeyedDraw): string {
  if (digitsOf(value).length !== 9) return shapeLike(value, draw);
  const group = String(1 + draw.below(99)).padStart(2, '0');
  const serial = String(1 + draw.below(9999)).padStart(4, '0');
  return withDigits(value, `${draw.pick(['000', '666'])}${group}${serial}`);
}

/** A locally administered unicast address (IEEE 802): no maker has it. */
export function surrogateMac(value: string, draw: KeyedDraw): string {
  let at = 0;
  return value.replace(/[0-9a-f]/gi, (digit) => {
    const drawn = draw.pick(at++ === 1 ? '26ae' : '0123456789abcdef');
    return digit === digit.toUpperCase() ? drawn.toUpperCase() : drawn;
  });
}

/** IPv4 in 240.0.0.0/4, reserved and never assigned (RFC 1112); IPv6 in 2001:db8::/32 (RFC 3849). */
export function surrogateIp(value: string, draw: KeyedDraw): string {
  const length = /\/\d+$/.exec(value)?.[0] ?? '';
  if (value.includes(':')) {
    const groups = Array.from({ length: 6 }, () => draw.below(65_536).toString(16));
    return `2001:db8:${groups.join(':')}${length}`;
  }
  const rest = Array.from({ length: 3 }, () => draw.below(256));
  return `${[240 + draw.below(15), ...rest].join('.')}${length}`;
}
