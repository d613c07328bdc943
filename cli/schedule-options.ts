import { InvalidArgumentError, Option } from 'commander';
import { OVERLAPS, type Overlap } from './schedules.js';

const UNITS_MS: Readonly<Record<string, number>> = {
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** Milliseconds of `90s`, `15m`, `6h` or `7d`. */
export function duration(text: string): number {
  const [, amount, unit] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  const unitMs = UNITS_MS[unit ?? ''];
  if (amount !== undefined && unitMs !== undefined) return Number(amount) * unitMs;
  throw new InvalidArgumentError('give a number and s, m, h or d, such as 90s, 15m, 6h or 7d.');
}

/** A time in RFC 3339. */
export function time(text: string): Date {
  const value = new Date(text);
  if (!Number.isNaN(value.getTime())) return value;
  throw new InvalidArgumentError('give a time such as 2026-11-24T03:00:00Z.');
}

/** As the schemas have names. */
export function scheduleName(text: string): string {
  if (/^[a-z0-9][a-z0-9._-]{0,62}$/.test(text)) return text;
  throw new InvalidArgumentError('a name is lower-case letters, digits, ".", "_" and "-".');
}

export const overlapOption = (description: string, byDefault: Overlap): Option =>
  new Option('--overlap <rule>', description).choices(Object.keys(OVERLAPS)).default(byDefault);
