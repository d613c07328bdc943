/** A place that holds the files of one source. Errors name a file by its number, never by name. */
export interface SourcePlace {
  /** Names of the files, relative, in code point order. */
  list(): Promise<readonly string[]>;
  /** Bytes of a file from `start`, up to `end` if given. @param what names it in errors */
  read(
    name: string,
    what: string,
    range?: { readonly start: number; readonly end: number },
  ): AsyncIterable<Uint8Array>;
}

/** The order of a manifest; that of UTF-8 bytes is that of code points. */
export function inCodePointOrder(names: readonly string[]): string[] {
  return names.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
}

/** Files and folders whose name begins with a dot are not part of a source. */
export const isHidden = (name: string): boolean =>
  name.split('/').some((part) => part.startsWith('.'));
