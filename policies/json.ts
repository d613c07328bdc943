/** A plain JSON object: what policies are made of. */
export type JsonObject = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `over` laid on `base`: objects merged member by member, everything else replaced. */
export function mergeJson(base: unknown, over: unknown): unknown {
  if (!isObject(base) || !isObject(over)) return over;
  const merged = new Map(Object.entries(base));
  for (const [key, value] of Object.entries(over)) {
    merged.set(key, merged.has(key) ? mergeJson(merged.get(key), value) : value);
  }
  return Object.fromEntries(merged);
}

/** One reference token of a JSON pointer (RFC 6901, section 3). */
export function pointerToken(key: string | number): string {
  return String(key).replaceAll('~', '~0').replaceAll('/', '~1');
}

/** The parent of a pointer; of `/a` it is `/`, the whole document. */
export function parentPointer(pointer: string): string {
  const end = pointer.lastIndexOf('/');
  return end <= 0 ? '/' : pointer.slice(0, end);
}
