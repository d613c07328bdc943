import { ibanOf, luhnDigit } from './checksums.js';
import { CITIES, FAMILY_NAMES, GIVEN_NAMES, OTHER_NAMES, STREET_KINDS, STREETS } from './names.js';
import { drawForUse, ofPool, type Use } from './pools.js';
import type { Draw } from './random.js';

/** Personal data of one invented person; every part is of one pool. */
export interface Persona {
  readonly given: string;
  readonly family: string;
  readonly fullName: string;
}

const SHARE_OF_OTHER_NAMES = 0.12;
const SHARE_OF_COMBINING_MARKS = 0.05;

export function drawPersona(draw: Draw, use: Use): Persona {
  if (draw.chance(SHARE_OF_OTHER_NAMES)) {
    const fullName = draw.pick(ofPool(OTHER_NAMES, use));
    return { given: fullName, family: fullName, fullName };
  }
  // Some systems send accents as combining marks.
  const form = draw.chance(SHARE_OF_COMBINING_MARKS) ? 'NFD' : 'NFC';
  const given = draw.pick(ofPool(GIVEN_NAMES, use)).normalize(form);
  const family = draw.pick(ofPool(FAMILY_NAMES, use)).normalize(form);
  return { given, family, fullName: `${given} ${family}` };
}

const MAIL_HOSTS = [
  'example.com',
  'example.org',
  'example.net',
  'mail.example',
  'post.example',
] as const;

/** Letters of a name that an e-mail address may hold; `contact` where none is left. */
function asLocalPart(name: string): string {
  const plain = name.normalize('NFKD').replace(/[^A-Za-z]/gu, '');
  return plain === '' ? 'contact' : plain.toLowerCase();
}

export function drawEmail(draw: Draw, use: Use, persona: Persona): string {
  const given = asLocalPart(persona.given);
  const family = asLocalPart(persona.family);
  return drawForUse(use, () => {
    const joint = draw.pick(['.', '_', '']);
    const number = draw.chance(0.5) ? '' : String(draw.below(990) + 10);
    const local = draw.pick([`${given}${joint}${family}`, `${given.slice(0, 1)}${joint}${family}`]);
    return `${local}${number}@${draw.pick(MAIL_HOSTS)}`;
  });
}

const AREA_CODES = [
  '202',
  '206',
  '212',
  '303',
  '312',
  '404',
  '415',
  '512',
  '602',
  '617',
  '702',
  '808',
] as const;

/** Numbers from ranges kept for fiction: NANP 555-01xx, Ofcom 7946 0xxx and 7700 900xxx, Berlin 23125. */
export function drawPhone(draw: Draw, use: Use): string {
  return drawForUse(use, () => {
    const area = draw.pick(AREA_CODES);
    const line = `01${draw.digits(2)}`;
    return draw.pick([
      `${area}-555-${line}`,
      `(${area}) 555-${line}`,
      `+1 ${area} 555 ${line}`,
      `${area}.555.${line}`,
      `+44 20 7946 0${draw.digits(3)}`,
      `07700 900${draw.digits(3)}`,
      `+49 30 23125 ${draw.digits(3)}`,
    ]);
  });
}

export function drawSsn(draw: Draw, use: Use): string {
  return drawForUse(use, () => {
    const area = String(draw.below(664) + 1).padStart(3, '0');
    const group = String(draw.below(99) + 1).padStart(2, '0');
    return `${area}-${group}-${String(draw.below(9999) + 1).padStart(4, '0')}`;
  });
}

/** Card numbers of 16 digits with a valid Luhn digit (ISO/IEC 7812-1), grouped or not. */
export function drawCreditCard(draw: Draw, use: Use): string {
  const joint = draw.pick([' ', '-', '']);
  return drawForUse(use, () => {
    const body = `${draw.pick(['4000', '4111', '5105', '5555', '2223'])}${draw.digits(11)}`;
    const number = `${body}${String(luhnDigit(body))}`;
    return (number.match(/.{4}/gu) ?? []).join(joint);
  });
}

/** IBANs with valid check digits (ISO 13616); the bank codes are invented. */
export function drawIban(draw: Draw, use: Use): string {
  const spaced = draw.chance(0.6);
  return drawForUse(use, () => {
    const iban = draw.pick([
      (): string => ibanOf('GB', `HLDN${draw.digits(14)}`),
      (): string => ibanOf('DE', draw.digits(18)),
      (): string => ibanOf('NL', `HALD${draw.digits(10)}`),
      (): string => ibanOf('ES', draw.digits(20)),
    ])();
    return spaced ? (iban.match(/.{1,4}/gu) ?? []).join(' ') : iban;
  });
}

export function drawStreetAddress(draw: Draw, use: Use): string {
  const street = draw.pick(ofPool(STREETS, use));
  const kind = draw.pick(STREET_KINDS);
  return drawForUse(use, () => `${String(draw.below(980) + 1)} ${street} ${kind}`);
}

export function drawCity(draw: Draw, use: Use): string {
  return draw.pick(ofPool(CITIES, use));
}

export function drawPostalCode(draw: Draw, use: Use): string {
  return drawForUse(use, () => draw.digits(5));
}

export function drawBirthDate(draw: Draw, use: Use): string {
  return drawForUse(use, () => {
    const year = String(draw.below(60) + 1940);
    const month = String(draw.below(12) + 1).padStart(2, '0');
    const day = String(draw.below(28) + 1).padStart(2, '0');
    return draw.pick([
      `${year}-${month}-${day}`,
      `${day}/${month}/${year}`,
      `${month}/${day}/${year}`,
    ]);
  });
}

export function drawIpAddress(draw: Draw, use: Use): string {
  const word = (): string => (draw.below(65535) + 1).toString(16);
  const octet = (): string => String(draw.below(254) + 1);
  return drawForUse(use, () =>
    draw.chance(0.25)
      ? `2001:db8:${word()}:${word()}::${word()}`
      : `${draw.pick(['10', '172', '192', '203'])}.${octet()}.${octet()}.${octet()}`,
  );
}

export function drawMedicalRecordNumber(draw: Draw, use: Use): string {
  return drawForUse(use, () => draw.digits(8));
}

export function drawAccountNumber(draw: Draw, use: Use): string {
  return drawForUse(use, () => draw.digits(10));
}

/** Not personal: an order number, some of them shaped like a telephone number. */
export function drawOrderNumber(draw: Draw): string {
  return draw.pick([
    `HG-${draw.digits(6)}`,
    `${draw.digits(3)}-555-${draw.digits(4)}-${draw.digits(2)}`,
    `#${draw.digits(10)}`,
    `ORD${draw.digits(7)}`,
  ]);
}
