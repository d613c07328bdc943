import type { ActionSettings, EntityKind } from '../../../policies/index.js';
import { shiftDate } from './calendar.js';
import { keyedDraw, type KeyedDraw } from './keyed-draw.js';
import { shapeLike } from './shape.js';
import {
  surrogateCard,
  surrogateIban,
  surrogateIp,
  surrogateMac,
  surrogatePhone,
  surrogateSsn,
} from './surrogate-numbers.js';
import { surrogateWords, type WordKind } from './surrogate-words.js';

/** What a surrogate depends on beside its value. */
export interface SurrogateContext {
  /** 32 bytes, of the dataset. */
  readonly key: Uint8Array;
  /** The record, or its subject: its dates are moved together. */
  readonly owner: string;
  /** Words of the record's names, in lower case. */
  readonly known: ReadonlySet<string>;
}

interface Input {
  readonly value: string;
  /** The value in normal form, so that two ways of writing it have one surrogate. */
  readonly canonical: string;
  readonly settings: ActionSettings;
  readonly context: SurrogateContext;
}

/** A surrogate; undefined for a value that cannot be read, which then has to go. */
type Surrogate = (input: Input) => string | undefined;

const named =
  (kind: WordKind): Surrogate =>
  ({ value, context: { key, known } }) =>
    surrogateWords(value, { key, kind, known });

type Drawn = (value: string, draw: KeyedDraw, settings: ActionSettings) => string | undefined;

/** Drawn until it is another value. */
const drawn =
  (kind: string, make: Drawn): Surrogate =>
  ({ value, canonical, settings, context: { key } }) => {
    for (let attempt = 0; attempt < 8; attempt += 1) {
      const made = make(value, keyedDraw(key, `${kind} ${String(attempt)}`, canonical), settings);
      if (made !== value) return made;
    }
    return undefined;
  };

/** A name below `.example`, which leads nowhere (RFC 2606, section 2). */
const exampleDomain = (domain: string, { key, known }: SurrogateContext): string =>
  `${surrogateWords(domain.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, ''), { key, kind: 'person', known })}.example`;

const email: Surrogate = ({ value, context }) => {
  const at = value.lastIndexOf('@');
  if (at < 0) return undefined;
  const local = surrogateWords(value.slice(0, at), { ...context, kind: 'person' });
  return `${local}@${exampleDomain(value.slice(at + 1), context)}`;
};

const URL_PARTS = /^([a-z][a-z0-9+.-]*:\/\/)?(?:[^/?#@]*@)?([^/?#:@]+)(:\d+)?(.*)$/is;

const url: Surrogate = ({ value, canonical, context }) => {
  const match = URL_PARTS.exec(value);
  if (match === null) return undefined;
  const [, scheme = '', host = '', port = '', path = ''] = match;
  const draw = keyedDraw(context.key, 'url path', canonical);
  return scheme + exampleDomain(host, context) + port + shapeLike(path, draw);
};

const date: Surrogate = ({ value, settings, context: { key, owner } }) => {
  const { dateShift, maxShiftDays } = settings;
  const draw = keyedDraw(key, 'date shift', dateShift === 'dataset' ? '' : owner);
  const days = 1 + draw.below(maxShiftDays);
  return shiftDate(value, draw.below(2) === 0 ? days : -days);
};

/** The first digit of a number stays in place: a number of JSON may not begin with 0. */
const code: Drawn = (value, draw) => {
  const made = shapeLike(value, draw);
  return /^[1-9]/.test(value) && made.startsWith('0')
    ? String(1 + draw.below(9)) + made.slice(1)
    : made;
};

export const SURROGATES: Readonly<Record<EntityKind, Surrogate>> = {
  person: named('person'),
  username: named('person'),
  organization: named('organization'),
  place: named('place'),
  address: named('place'),
  email,
  url,
  date,
  phone: drawn('phone', surrogatePhone),
  ssn: drawn('ssn', surrogateSsn),
  card: drawn('card', surrogateCard),
  iban: drawn('iban', surrogateIban),
  ip: drawn('ip', surrogateIp),
  mac: drawn('mac', surrogateMac),
  'postal-code': drawn('postal code', shapeLike),
  code: drawn('code', code),
  secret: drawn('secret', code),
  // The policy is refused before: see findActionFaults.
  age: () => undefined,
  coordinates: () => undefined,
  statement: () => undefined,
};
