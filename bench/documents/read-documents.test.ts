import { expect, test } from 'vitest';
import { HALVES, readDocuments, unmark } from './read-documents.js';

test('marks go and leave the places of their values', () => {
  const { text, gold } = unmark('a-1', 'Dear {P:Ann Lee}, {"city":"{L:Ulm}"}');
  expect(text).toBe('Dear Ann Lee, {"city":"Ulm"}');
  expect(gold.map(({ start, end, type }) => [type, text.slice(start, end)])).toEqual([
    ['PERSON', 'Ann Lee'],
    ['LOCATION', 'Ulm'],
  ]);
});

test('what may stay as well as go is kept apart', () => {
  const { text, gold, either } = unmark('a-1', 'Order {X:17} of {P:Ann}');
  expect(gold.map(({ type }) => type)).toEqual(['PERSON']);
  expect(either.map(({ start, end }) => text.slice(start, end))).toEqual(['17']);
});

test('an unknown mark is refused with its document', () => {
  expect(() => unmark('a-1', '{Q:Ann}')).toThrow('a-1: no type has the mark Q');
});

test('the halves share no document, and no mark is left in any', () => {
  const [consulted, heldBack] = HALVES.map((half) => readDocuments('bench/documents', half));
  const names = new Set(consulted?.map(({ name }) => name));
  expect(names.size).toBeGreaterThan(60);
  expect(heldBack?.length).toBeGreaterThan(60);
  expect(heldBack?.filter(({ name }) => names.has(name))).toEqual([]);
  for (const { text } of [...(consulted ?? []), ...(heldBack ?? [])])
    expect(text).not.toMatch(/\{[A-Z]:/);
});
