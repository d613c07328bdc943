/** A plain JSON object: what policies are made of. */
export type JsonObject = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

// An action with its options is one value: merged, the options of one action would fall to another.
const WHOLE = /^\/redact\/entities\/[^/]+$/;

/** True for the pointer of an object that is replaced and compared as a whole. */
export const isWhole = (pointer: string): boolean => WHOLE.test(pointer);

/** Lists whose items have a name of their own. */
const NAMED_LISTS: readonly string[] = ['/redact/recognizers'];

const nameOf = (item: unknown): unknown => (isObject(item) ? item['name'] : undefined);

/**
 * Items of `over` in the place of those with their names, the others after them. A name that `over`
 * has twice stays there twice, to be told as a fault.
 */
function mergeNamed(base: readonly unknown[], over: readonly unknown[]): readonly unknown[] {
  const replacing = base.map((item) => over.find((one) => nameOf(one) === nameOf(item)));
  const added = over.filter((item) => !replacing.includes(item));
  return [...base.map((item, at) => replacing[at] ?? item), ...added];
}

/**
 * `over` laid on `base`: objects merged member by member, named lists item by item, everything else
 * replaced. Items are the very objects of the documents that have them.
 */
export function mergeJson(base: unknown, over: unknown, pointer = ''): unknown {
  if (NAMED_LISTS.includes(pointer) && Array.isArray(base) && Array.isArray(over))
    return mergeNamed(base, over);
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
