import type { Policy } from '../schemas/index.js';
import { pointerToken } from './json.js';

/** An action of `/redact/entities` as a policy writes it: its name, or an object with options. */
export type EntityAction = Policy['redact']['entities'][string];
export type ActionName = Extract<EntityAction, string>;
type Written = Exclude<EntityAction, string>;
type ActionOption = Exclude<keyof Written, 'action'>;

/** What a value of a type is, as far as actions go. A type that is not listed is a `code`. */
export type EntityKind =
  | 'person'
  | 'organization'
  | 'place'
  | 'address'
  | 'email'
  | 'phone'
  | 'ssn'
  | 'card'
  | 'iban'
  | 'ip'
  | 'mac'
  | 'url'
  | 'date'
  | 'age'
  | 'coordinates'
  | 'postal-code'
  | 'username'
  | 'secret'
  | 'statement'
  | 'code';

const KINDS: Readonly<Record<string, EntityKind>> = {
  PERSON: 'person',
  ORGANIZATION: 'organization',
  LOCATION: 'place',
  STREET_ADDRESS: 'address',
  EMAIL_ADDRESS: 'email',
  PHONE_NUMBER: 'phone',
  US_SSN: 'ssn',
  CREDIT_CARD: 'card',
  IBAN_CODE: 'iban',
  IP_ADDRESS: 'ip',
  MAC_ADDRESS: 'mac',
  URL: 'url',
  DATE: 'date',
  DATE_TIME: 'date',
  DATE_OF_BIRTH: 'date',
  AGE: 'age',
  AGE_OVER_89: 'age',
  TIME: 'statement',
  MONEY: 'statement',
  SPECIAL_CATEGORY: 'statement',
  COORDINATES: 'coordinates',
  POSTAL_CODE: 'postal-code',
  USERNAME: 'username',
  SECRET: 'secret',
};

export const kindOf = (type: string): EntityKind => KINDS[type] ?? 'code';

/** An action with every option set. */
export interface ActionSettings extends Required<Omit<Written, 'action'>> {
  readonly action: ActionName;
}

// The defaults stand in schemas/policy.schema.json too; a test holds the two together.
export const ACTION_DEFAULTS: Omit<ActionSettings, 'action'> = {
  scope: 'record',
  checksum: 'fail',
  dateShift: 'record',
  maxShiftDays: 365,
  keep: 4,
  side: 'end',
  ageBandYears: 10,
  birthYearFrom: 1950,
  decimals: 1,
};

/** The options of an action, and the kinds of values on which each has an effect; '*' is any. */
const OPTIONS: Readonly<
  Record<ActionName, Partial<Record<ActionOption, readonly (EntityKind | '*')[]>>>
> = {
  placeholder: {},
  numbered: { scope: ['*'] },
  pseudonym: { checksum: ['card', 'iban'], dateShift: ['date'], maxShiftDays: ['date'] },
  mask: { keep: ['*'], side: ['*'] },
  generalize: { ageBandYears: ['age'], birthYearFrom: ['date'], decimals: ['coordinates'] },
  'drop-record': {},
  keep: {},
};

type Refusals = Partial<Record<EntityKind, string>>;

const NOT_GENERALIZED = 'an action that the type can have: only dates, ages, postal codes, ';

/** Kinds that an action cannot be used on, and why. */
const REFUSED: Readonly<Partial<Record<ActionName, (kind: EntityKind) => string | undefined>>> = {
  generalize: (kind) =>
    ['date', 'age', 'coordinates', 'postal-code', 'ip'].includes(kind)
      ? undefined
      : `${NOT_GENERALIZED}coordinates and IP addresses can be generalized`,
  pseudonym: (kind) => {
    const refusals: Refusals = {
      age: 'generalize or placeholder: another age would be false, not private',
      coordinates: 'generalize or placeholder: another place would be false, not private',
      statement: 'placeholder or keep: another statement would be false, not private',
    };
    return refusals[kind];
  },
  mask: (kind) =>
    kind === 'secret' ? 'an action that keeps nothing of a secret, such as placeholder' : undefined,
};

/** An action with every option that it does not state at its default. */
export function settingsOf(action: EntityAction): ActionSettings {
  if (typeof action === 'string') return { ...ACTION_DEFAULTS, action };
  return { ...ACTION_DEFAULTS, ...action };
}

/** True where the action needs the dataset's key. */
export function needsKey(action: EntityAction): boolean {
  const { action: name, scope } = settingsOf(action);
  return name === 'pseudonym' || (name === 'numbered' && scope === 'dataset');
}

interface Fault {
  readonly pointer: string;
  readonly expected: string;
}

function optionFaults(pointer: string, kind: EntityKind, action: Written): Fault[] {
  const options = OPTIONS[action.action];
  const given = Object.keys(action).filter((key): key is ActionOption => key !== 'action');
  return given.flatMap((option): Fault[] => {
    const kinds = options[option];
    const at = `${pointer}/${option}`;
    const names = Object.keys(options).join(', ');
    if (kinds === undefined) {
      return [{ pointer: at, expected: `an option of ${action.action}; it has ${names}` }];
    }
    if (kinds.includes('*') || kinds.includes(kind)) return [];
    return [{ pointer: at, expected: `nothing: it has an effect on ${kinds.join(', ')} only` }];
  });
}

/** Actions that their types cannot have, and options that would have no effect. */
export function findActionFaults(entities: Policy['redact']['entities']): readonly Fault[] {
  return Object.entries(entities).flatMap(([type, action]) => {
    const pointer = `/redact/entities/${pointerToken(type)}`;
    const kind = kindOf(type);
    const expected = REFUSED[settingsOf(action).action]?.(kind);
    if (expected !== undefined) return [{ pointer, expected }];
    return typeof action === 'string' ? [] : optionFaults(pointer, kind, action);
  });
}
