import { ModelError } from './errors.js';

export type Json = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** @throws ModelError CONFIG_INVALID always */
export function invalid(key: string, expected: string): never {
  throw new ModelError('CONFIG_INVALID', `config.json: "${key}" must be ${expected}.`);
}

/** @throws ModelError ARCHITECTURE_UNSUPPORTED always */
export function unsupported(what: string): never {
  throw new ModelError('ARCHITECTURE_UNSUPPORTED', `config.json: ${what}`);
}

/** Counts above this are no model's; products of two of them stay exact. */
const MAX_COUNT = 2 ** 26;

export function count(json: Json, key: string, fallback?: number): number {
  const value = json[key] ?? fallback;
  if (Number.isSafeInteger(value) && Number(value) > 0 && Number(value) <= MAX_COUNT)
    return Number(value);
  return invalid(key, `a positive integer up to ${String(MAX_COUNT)}`);
}

export function positive(json: Json, key: string, fallback?: number): number {
  const value = json[key] ?? fallback;
  if (typeof value === 'number' && Number.isFinite(value) && value > 0) return value;
  return invalid(key, 'a positive number');
}

export function flag(json: Json, key: string, fallback: boolean): boolean {
  const value = json[key] ?? fallback;
  return typeof value === 'boolean' ? value : invalid(key, 'true or false');
}

/** A number where the key has one, `fallback` where it is absent, undefined where it is null. */
export function optional(
  json: Json,
  key: string,
  fallback: number | null | undefined,
): number | undefined {
  const value = json[key] === undefined ? fallback : json[key];
  return value === null || value === undefined ? undefined : positive(json, key, fallback ?? 0);
}
