import type { EntityType } from '../redact/index.js';
import type { SlotValue } from './passage.js';
import type { Use } from './pools.js';
import type { Draw } from './random.js';
import {
  drawAccountNumber,
  drawBirthDate,
  drawCity,
  drawCreditCard,
  drawEmail,
  drawIban,
  drawIpAddress,
  drawMedicalRecordNumber,
  drawOrderNumber,
  drawPersona,
  drawPhone,
  drawPostalCode,
  drawSsn,
  drawStreetAddress,
  type Persona,
} from './values.js';

/** Slot name -> what fills it; the same within one record. */
export type CaseSlots = (name: string) => SlotValue;

interface Recipe {
  readonly type?: EntityType;
  readonly make: (draw: Draw, use: Use, persona: Persona) => string;
}

const RECIPES: Readonly<Record<string, Recipe>> = {
  person: { type: 'PERSON', make: (_draw, _use, { fullName }) => fullName },
  given: { type: 'PERSON', make: (_draw, _use, { given }) => given },
  person2: { type: 'PERSON', make: (draw, use) => drawPersona(draw, use).fullName },
  email: { type: 'EMAIL_ADDRESS', make: drawEmail },
  phone: { type: 'PHONE_NUMBER', make: drawPhone },
  ssn: { type: 'US_SSN', make: drawSsn },
  card: { type: 'CREDIT_CARD', make: drawCreditCard },
  iban: { type: 'IBAN_CODE', make: drawIban },
  iban2: { type: 'IBAN_CODE', make: drawIban },
  address: { type: 'STREET_ADDRESS', make: drawStreetAddress },
  city: { type: 'LOCATION', make: drawCity },
  postal: { type: 'POSTAL_CODE', make: drawPostalCode },
  birth: { type: 'DATE_OF_BIRTH', make: drawBirthDate },
  ip: { type: 'IP_ADDRESS', make: drawIpAddress },
  mrn: { type: 'MEDICAL_RECORD_NUMBER', make: drawMedicalRecordNumber },
  account: { type: 'ACCOUNT_NUMBER', make: drawAccountNumber },
  order: { make: drawOrderNumber },
};

/** The values of one invented person; each is drawn when first asked for and then stays. */
export function drawSlots(draw: Draw, use: Use): CaseSlots {
  const persona = drawPersona(draw, use);
  const drawn = new Map<string, SlotValue>();
  return (name) => {
    const known = drawn.get(name);
    if (known !== undefined) return known;
    const recipe = RECIPES[name];
    if (recipe === undefined) throw new RangeError(`no recipe for the slot ${name}`);
    const text = recipe.make(draw, use, persona);
    const value = recipe.type === undefined ? { text } : { text, type: recipe.type };
    drawn.set(name, value);
    return value;
  };
}
