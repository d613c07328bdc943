import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { drawCanarySecret } from './canary.js';
import { FAMILY_NAMES, GIVEN_NAMES, OTHER_NAMES } from './names.js';
import { normalizeValue, ofPool, poolOf, USES, type Use } from './pools.js';
import { drawAt } from './random.js';
import { drawSlots } from './slots.js';

// prettier-ignore
const SLOTS = [
  'email', 'phone', 'ssn', 'card', 'iban', 'address', 'city', 'postal', 'birth', 'ip', 'mrn', 'account',
];
const PER_USE = 200;

function valuesOf(use: Use, slot: string): Set<string> {
  const made = Array.from(
    { length: PER_USE },
    (_, index) => drawSlots(drawAt(7, 0, index), use)(slot).text,
  );
  return new Set(made.map(normalizeValue));
}

describe('value pools', () => {
  it('are SHA-256 of the normal form, modulo 4', () => {
    const digest = createHash('sha256').update('josé').digest('hex');
    expect(poolOf('José')).toBe(USES[Number(BigInt(`0x${digest}`) >> 248n) % 4]);
    expect(poolOf('Jose\u0301')).toBe(poolOf('JOSÉ'));
    expect(poolOf('202-555-0142')).toBe(poolOf('(202) 555 0142'));
  });

  it.each(SLOTS)('%s: no value serves two uses', (slot) => {
    const sets = USES.map((use) => valuesOf(use, slot));
    const all = sets.flatMap((set) => [...set]);
    expect(all.length).toBeGreaterThan(20);
    expect(new Set(all).size).toBe(all.length);
    sets.forEach((set, at) => {
      for (const value of set) expect(poolOf(value)).toBe(USES[at]);
    });
  });

  it.each(USES)('%s: every part of a name is of the pool', (use) => {
    const given = new Set(ofPool(GIVEN_NAMES, use));
    const family = new Set(ofPool(FAMILY_NAMES, use));
    const others = new Set(ofPool(OTHER_NAMES, use));
    for (let index = 0; index < PER_USE; index++) {
      const name = drawSlots(drawAt(7, 1, index), use)('person').text.normalize('NFC');
      const space = name.indexOf(' ');
      const known = given.has(name.slice(0, space)) && family.has(name.slice(space + 1));
      expect(known || others.has(name)).toBe(true);
    }
  });

  it('give enough names to each use', () => {
    for (const use of USES) {
      expect(ofPool(GIVEN_NAMES, use).length).toBeGreaterThan(35);
      expect(ofPool(FAMILY_NAMES, use).length).toBeGreaterThan(35);
      expect(ofPool(OTHER_NAMES, use).length).toBeGreaterThan(5);
    }
  });
});

describe('drawCanarySecret', () => {
  it.each([
    ['digits', 16, /^\d{16}$/u],
    ['letters', 30, /^[a-z]{30}$/u],
    ['words', 25, /^[a-z]+( [a-z]+){24}$/u],
  ] as const)(
    '%s: of the asked length, of the canary pool, all different',
    (kind, length, shape) => {
      const secrets = Array.from({ length: 50 }, (_, at) =>
        drawCanarySecret(drawAt(1, 2, at), kind, length),
      );
      expect(new Set(secrets).size).toBe(secrets.length);
      for (const secret of secrets) {
        expect(secret).toMatch(shape);
        expect(poolOf(secret)).toBe('canary');
      }
    },
  );

  it('names: of the canary pool', () => {
    const name = drawCanarySecret(drawAt(1, 3, 0), 'name', 0).normalize('NFC');
    const [given = '', ...family] = name.split(' ');
    const known = poolOf(name) === 'canary' || poolOf(given) === 'canary';
    expect(known && (family.length !== 1 || poolOf(family[0] ?? '') === 'canary')).toBe(true);
  });
});
