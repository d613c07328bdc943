import { isIPv4, isIPv6 } from 'node:net';
import ipaddr from 'ipaddr.js';
import type { ActionSettings, EntityKind } from '../../../policies/index.js';
import { readDate } from './calendar.js';

/** The value, less exact; undefined for a value that cannot be read, which then has to go. */
type Generalize = (value: string, settings: ActionSettings) => string | undefined;

/**
 * First three digits of postal codes with 20,000 people or fewer in the 2000 census: HHS, Guidance
 * Regarding Methods for De-identification of Protected Health Information (2012), on 45 CFR
 * 164.514(b)(2)(i)(B).
 */
const RESTRICTED_PREFIXES: ReadonlySet<string> = new Set(
  '036 059 063 102 203 556 692 790 821 823 830 831 878 879 884 890 893'.split(' '),
);

/** 45 CFR 164.514(b)(2)(i)(C): ages over 89 are one category. */
const OLDEST_AGE = 89;

const generalizeDate: Generalize = (value, { birthYearFrom }) => {
  const bare = /(?<!\d)(?:1[89]|20)\d{2}(?!\d)/.exec(value)?.[0];
  const year = readDate(value)?.year ?? (bare === undefined ? undefined : Number(bare));
  if (year === undefined) return undefined;
  return year < birthYearFrom ? `before ${String(birthYearFrom)}` : String(year);
};

const generalizeAge: Generalize = (value, { ageBandYears }) => {
  const digits = /\d{1,3}/.exec(value);
  if (digits === null) return undefined;
  const age = Number(digits[0]);
  const from = age - (age % ageBandYears);
  const to = Math.min(from + ageBandYears - 1, OLDEST_AGE);
  return age > OLDEST_AGE ? '90+' : `${String(from)}-${String(to)}`;
};

const generalizePostalCode: Generalize = (value) => {
  const prefix = /^(\d{3})\d{2}(?:-\d{4})?$/.exec(value)?.[1];
  if (prefix === undefined) return undefined;
  return RESTRICTED_PREFIXES.has(prefix) ? '000' : prefix;
};

const DEGREES = /[-+]?\d{1,3}(?:\.\d+)?/g;

const generalizeCoordinates: Generalize = (value, { decimals }) => {
  // Minutes and seconds of arc say as much as decimals, and are not rounded here.
  if (/['′"″]/.test(value)) return undefined;
  const rounded = value.replace(DEGREES, (degrees) => Number(degrees).toFixed(decimals));
  return /\d/.test(value) ? rounded : undefined;
};

const generalizeIp: Generalize = (value) => {
  const address = value.split(/[/%]/)[0] ?? '';
  if (isIPv4(address)) return `${address.split('.').slice(0, 3).join('.')}.0/24`;
  if (!isIPv6(address) || address.includes('.')) return undefined;
  const groups = ipaddr.IPv6.parse(address).parts.slice(0, 3);
  return `${groups.map((group) => group.toString(16)).join(':')}::/48`;
};

export const GENERALIZERS: Readonly<Partial<Record<EntityKind, Generalize>>> = {
  date: generalizeDate,
  age: generalizeAge,
  'postal-code': generalizePostalCode,
  coordinates: generalizeCoordinates,
  ip: generalizeIp,
};
