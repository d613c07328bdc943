/** A calendar date as a text writes it. */
export interface WrittenDate {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  /** 1 to 31; 15 where the text has only month and year. */
  readonly day: number;
  /** Another date, written the same way. */
  write(date: { readonly year: number; readonly month: number; readonly day: number }): string;
}

const MONTHS =
  'january february march april may june july august september october november december'.split(
    ' ',
  );

/** 1 to 12 of an English month's name or its first letters; 0 for any other word. */
const monthOf = (name: string): number =>
  name.length < 3 ? 0 : MONTHS.findIndex((month) => month.startsWith(name.toLowerCase())) + 1;

function monthLike(month: number, model: string): string {
  const name = MONTHS[month - 1] ?? '';
  const isWhole = MONTHS.includes(model.toLowerCase()) && model.length > 3;
  const text = isWhole ? name : name.slice(0, 3);
  if (model === model.toUpperCase()) return text.toUpperCase();
  return model === model.toLowerCase() ? text : text.charAt(0).toUpperCase() + text.slice(1);
}

const padded = (value: number, model: string): string =>
  String(value).padStart(model.startsWith('0') ? model.length : 1, '0');

/** A date in digits has two for day and month unless it shows that it can do with one. */
const inDigits = (value: number, ...models: readonly string[]): string =>
  String(value).padStart(models.every(({ length }) => length === 2) ? 2 : 1, '0');

/** The 2-digit years 00 to 29 are of this century. */
const PIVOT = 30;

function yearOf(text: string): number {
  const digits = text.replace(/\D/g, '');
  const year = Number(digits);
  if (digits.length > 2) return year;
  return year < PIVOT ? 2000 + year : 1900 + year;
}

const yearLike = (year: number, model: string): string =>
  model.replace(/\d+/, (digits) => String(year).slice(-digits.length).padStart(digits.length, '0'));

function ordinal(day: number, model: string | undefined): string {
  if (model === undefined || model === '') return '';
  const endings = ['th', 'st', 'nd', 'rd'];
  return day > 10 && day < 20 ? 'th' : (endings[day % 10] ?? 'th');
}

type Groups = readonly (string | undefined)[];
interface Form {
  readonly pattern: RegExp;
  readonly read: (groups: Groups) => WrittenDate;
}

/** The order of day and month: what the numbers allow; with dots day first, else month first. */
const isDayFirst = (first: string, second: string, separator: string): boolean =>
  Number(first) > 12 || (Number(second) <= 12 && separator === '.');

const FORMS: readonly Form[] = [
  {
    pattern: /^(\d{4})([-/.])(\d{1,2})([-/.])(\d{1,2})(.*)$/s,
    read: ([year = '', a = '', month = '', b = '', day = '', rest = '']) => ({
      year: yearOf(year),
      month: Number(month),
      day: Number(day),
      write: (date) =>
        `${yearLike(date.year, year)}${a}${inDigits(date.month, month, day)}${b}${inDigits(date.day, month, day)}${rest}`,
    }),
  },
  {
    pattern: /^(\d{1,2})([-/.])(\d{1,2})([-/.])(\d{4}|\d{2})$/,
    read: ([first = '', a = '', second = '', b = '', year = '']) => {
      const dayFirst = isDayFirst(first, second, a);
      const [day, month] = dayFirst ? [first, second] : [second, first];
      return {
        year: yearOf(year),
        month: Number(month),
        day: Number(day),
        write: (date) => {
          const [one, two] = dayFirst ? [date.day, date.month] : [date.month, date.day];
          return `${inDigits(one, first, second)}${a}${inDigits(two, first, second)}${b}${yearLike(date.year, year)}`;
        },
      };
    },
  },
  {
    pattern: /^([a-z]+)(\.?[ -])(\d{1,2})(st|nd|rd|th)?(,? |,|-)('?\d{2}|\d{4})$/i,
    read: ([month = '', a = '', day = '', suffix, b = '', year = '']) => ({
      year: yearOf(year),
      month: monthOf(month),
      day: Number(day),
      write: (date) =>
        `${monthLike(date.month, month)}${a}${padded(date.day, day)}${ordinal(date.day, suffix)}${b}${yearLike(date.year, year)}`,
    }),
  },
  {
    pattern: /^(\d{1,2})(st|nd|rd|th)?((?: of)?[ -])([a-z]+)(\.?,?[ -])('?\d{2}|\d{4})$/i,
    read: ([day = '', suffix, a = '', month = '', b = '', year = '']) => ({
      year: yearOf(year),
      month: monthOf(month),
      day: Number(day),
      write: (date) =>
        `${padded(date.day, day)}${ordinal(date.day, suffix)}${a}${monthLike(date.month, month)}${b}${yearLike(date.year, year)}`,
    }),
  },
  {
    pattern: /^([a-z]+)( )(\d{4})$/i,
    read: ([month = '', a = '', year = '']) => ({
      year: yearOf(year),
      month: monthOf(month),
      day: 15,
      write: (date) => `${monthLike(date.month, month)}${a}${yearLike(date.year, year)}`,
    }),
  },
];

const DAY_MS = 86_400_000;

/** Days of a date of the Gregorian calendar since 1970-01-01. */
const dayNumber = ({ year, month, day }: Pick<WrittenDate, 'year' | 'month' | 'day'>): number =>
  Date.UTC(year, month - 1, day) / DAY_MS;

function isDate(date: WrittenDate): boolean {
  const same = new Date(Date.UTC(date.year, date.month - 1, date.day));
  return same.getUTCMonth() === date.month - 1 && same.getUTCDate() === date.day;
}

/** A date in digits or with an English month; undefined for what is none. */
export function readDate(text: string): WrittenDate | undefined {
  for (const { pattern, read } of FORMS) {
    const match = pattern.exec(text.trim());
    const date = match === null ? undefined : read(match.slice(1));
    if (date !== undefined && isDate(date)) return date;
  }
  return undefined;
}

/** The date so many days later, written the same way; undefined for what is no date. */
export function shiftDate(text: string, days: number): string | undefined {
  const date = readDate(text);
  if (date === undefined) return undefined;
  const moved = new Date((dayNumber(date) + days) * DAY_MS);
  const [year, month] = [moved.getUTCFullYear(), moved.getUTCMonth() + 1];
  return date.write({ year, month, day: moved.getUTCDate() });
}
