import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createFingerprintTable } from './fingerprint-table.js';

const hexOf = (value: number): string => createHash('sha256').update(String(value)).digest('hex');

describe('a fingerprint table', () => {
  it('counts as a map does, over many growths', () => {
    const table = createFingerprintTable();
    const map = new Map<string, number>();
    for (let index = 0; index < 60_000; index++) {
      const hex = hexOf(index % 3 === 0 ? index >> 4 : index);
      expect(table.add(hex)).toBe(map.get(hex) ?? 0);
      map.set(hex, (map.get(hex) ?? 0) + 1);
    }
    expect(table.size).toBe(map.size);
  });

  it('tells fingerprints apart that differ in any word', () => {
    const table = createFingerprintTable();
    const base = '0'.repeat(24);
    const others = [1, 9, 17].map((at) => `${base.slice(0, at)}1${base.slice(at + 1)}`);
    for (const hex of [base, ...others]) expect(table.add(hex)).toBe(0);
    for (const hex of [base, ...others]) expect(table.add(hex)).toBe(1);
    expect(table.size).toBe(4);
  });

  it('counts on beyond what its byte holds', () => {
    const table = createFingerprintTable();
    for (let before = 0; before < 1000; before++) expect(table.add(hexOf(1))).toBe(before);
    expect(table.add(hexOf(2))).toBe(0);
    expect(table.size).toBe(2);
  });
});
