import { parsePhoneNumberFromString, type CountryCode } from 'libphonenumber-js/max';
import metadata from 'libphonenumber-js/max/metadata';

/** A country's numbering plan, as libphonenumber-js has it. */
interface Plan {
  readonly code: string;
  /** At the beginning of what is dialled: a call abroad. */
  readonly abroad: RegExp;
  /** Dialled before a number at home, and no part of it; `rule` says what is left where it takes more. */
  readonly prefix: RegExp | undefined;
  readonly rule: string | undefined;
  readonly longest: number;
  readonly lengths: Lengths;
  readonly any: RegExp;
  /** Tells the country's numbers from those of others with its code; else its types do. */
  readonly leading: RegExp | undefined;
  /** Fixed line, mobile and the like. */
  readonly types: readonly { readonly lengths: Lengths; readonly pattern: RegExp }[];
  /** The lengths of all types. */
  readonly typed: Lengths;
}

/** A bit for each. */
type Lengths = number;

type Fields = readonly unknown[];
type NumberType = readonly [pattern: string, lengths?: readonly number[]];

const toLengths = (all: readonly number[]): Lengths =>
  all.reduce((bits, length) => bits | (1 << length), 0);
const has = (lengths: Lengths, digits: string): boolean => (lengths & (1 << digits.length)) !== 0;

const begins = (source: unknown): RegExp | undefined =>
  typeof source === 'string' && source !== '' ? new RegExp(`^(?:${source})`) : undefined;
const whole = (source: string): RegExp => new RegExp(`^(?:${source})$`);

/** The places of the fields are those of the library's METADATA.md. */
function planOf(fields: Fields): Plan {
  const [code, abroad, any, own] = fields as readonly [string, string, string, number[]];
  const rule = fields[8];
  const types = ((fields[11] ?? []) as readonly (NumberType | 0)[]).flatMap((type) =>
    type === 0 || type[0] === ''
      ? []
      : [{ lengths: toLengths(type[1] ?? own), pattern: whole(type[0]) }],
  );
  return {
    code,
    abroad: begins(abroad) ?? /^(?!)/,
    prefix: begins(fields[7]) ?? begins(fields[5]),
    rule: typeof rule === 'string' && rule !== '' ? rule : undefined,
    longest: Math.max(...own),
    lengths: toLengths(own),
    any: whole(any),
    leading: begins(fields[10]),
    types,
    typed: types.reduce((bits, { lengths }) => bits | lengths, 0),
  };
}

const plans = new Map<CountryCode, Plan>();

function planIn(country: CountryCode): Plan {
  const plan = plans.get(country) ?? planOf(metadata.countries[country] ?? []);
  plans.set(country, plan);
  return plan;
}

const plansByCode = new Map<string, readonly Plan[]>();

/** Of the countries that share a calling code, the main one first; none for a code of no country. */
function plansOf(code: string): readonly Plan[] {
  const known = plansByCode.get(code) ?? (metadata.country_calling_codes[code] ?? []).map(planIn);
  // Digits of a text are no reason to keep anything.
  if (known.length > 0) plansByCode.set(code, known);
  return known;
}

/** Whether the country has a type of numbers that this is one of. */
const isInUse = (digits: string, { typed, any, types }: Plan): boolean =>
  has(typed, digits) &&
  any.test(digits) &&
  types.some(({ lengths, pattern }) => has(lengths, digits) && pattern.test(digits));

/** Which of the countries with the plan's code has the number; undefined where none does. */
function ownerOf(digits: string, { code }: Plan): Plan | undefined {
  const sharing = plansOf(code);
  if (sharing.length === 1) return sharing[0];
  return sharing.find((plan) => plan.leading?.test(digits) ?? isInUse(digits, plan));
}

/** Without what is dialled before a number at home, whether or not the rest is a number. */
function withoutPrefix(digits: string, { prefix, rule }: Plan): string {
  const match = prefix?.exec(digits);
  if (prefix === undefined || match === null || match === undefined) return digits;
  const takesMore = match.length > 1 && Boolean(match.at(-1));
  return rule !== undefined && takesMore
    ? digits.replace(prefix, rule)
    : digits.slice(match[0].length);
}

/** The number at home, without its prefix where that makes a number of a length that there is, or too long a one. */
function atHome(digits: string, plan: Plan): string {
  const rest = withoutPrefix(digits, plan);
  if (rest === digits || (plan.any.test(digits) && !plan.any.test(rest))) return digits;
  const { lengths, longest } = ownerOf(rest, plan) ?? plan;
  return has(lengths, rest) || rest.length > longest ? rest : digits;
}

/** Whether what is dialled at home is in use there. */
function isInUseAtHome(digits: string, plan: Plan): boolean {
  const number = atHome(digits, plan);
  return isInUse(number, ownerOf(number, plan) ?? plan);
}

/** What stands behind a calling code that lacks its `+`; undefined where it is none but begins a number. */
function behindCode(digits: string, plan: Plan): string | undefined {
  if (!digits.startsWith(plan.code)) return undefined;
  const short = digits.slice(plan.code.length);
  const number = atHome(digits, plan);
  const isBetter = !plan.any.test(number) && plan.any.test(atHome(short, plan));
  return isBetter || number.length > plan.longest ? short : undefined;
}

/** The countries of the calling code that digits begin with. */
function plansAbroad(digits: string): readonly Plan[] {
  for (let length = 1; length <= 3; length += 1) {
    const sharing = plansOf(digits.slice(0, length));
    if (sharing.length > 0) return sharing;
  }
  return [];
}

const asLibrary = (number: string, region: CountryCode | undefined): boolean =>
  parsePhoneNumberFromString(number, region)?.isValid() === true;

/** Digits and what groups them: no extension, and no `+` within. */
const SIMPLE = /^\+?[\d ().\-/]+$/;

/**
 * As the library's `isValid` of the number parsed in a region (of one with a `+`, in none), which takes a
 * hundred times as long to refuse one; what is not digits alone, or dialled abroad, is left to it.
 */
export function isValidNumber(number: string, region: CountryCode | undefined): boolean {
  if (!SIMPLE.test(number)) return asLibrary(number, region);
  const digits = number.replace(/\D/g, '');
  if (number.startsWith('+')) {
    const [main] = plansAbroad(digits);
    if (main === undefined || region !== undefined) return asLibrary(number, region);
    return isInUseAtHome(digits.slice(main.code.length), main);
  }
  if (region === undefined) return false;
  const plan = planIn(region);
  if (plan.abroad.test(digits)) return asLibrary(number, region);
  const short = behindCode(digits, plan);
  if (short === undefined) return isInUseAtHome(digits, plan);
  return isInUseAtHome(short, plansOf(plan.code)[0] ?? plan);
}
