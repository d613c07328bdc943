/** A plain JSON object: what policies are made of. */
export type JsonObject = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

// An action with its options is one value: merged, the options of one action would fall to another.
const WHOLE = /^\/redact\/entities\/[^/]+$/;

/** True for the pointer of an object that is replaced and compared as a whole. */
export const isWhole = (pointer: string): boolean => WHOLE.test(pointer);

/** `over` laid on `base`: objects merged member by member, everything else replaced. */
export function mergeJson(base: unknown, over: unknown, pointer = ''): unknown {
  if (!isObject(base) || !isObject(over) || isWhole(pointer)) return over;
  const merged = new Map(Object.entries(base));
  for (const [key, value] of Object.entries(over)) {
    const at = `${pointer}/${pointerToken(key)}`;
    merged.set(key, merged.has(key) ? mergeJson(merged.get(key), value, at) : value);
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
