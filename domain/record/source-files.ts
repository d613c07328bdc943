import type { SourceManifest } from '../../schemas/index.js';

/**
 * One file of a source. Its bytes are verified while they are read: a file that is not the one
 * that was fingerprinted stops its reader.
 */
export interface SourceFile {
  /**
   * Relative to the source's path with `/` between folders, or the base name of a single file. Its
   * ending tells the format; it enters no id, no error and no payload.
   */
  readonly name: string;
  readonly digest: string;
  readonly sizeBytes: number;
  /** All bytes in order. May be called more than once. */
  open(): AsyncIterable<Uint8Array>;
  /** Bytes [start, end), for formats that are read at random (Parquet). */
  readRange(start: number, end: number): Promise<Uint8Array>;
}

/** What a source is made of, in the order in which it is read. */
export interface SourceContents {
  readonly files: readonly SourceFile[];
  /** Corrected rows, which take the place of rows of `files`; see docs/formats.md. */
  readonly corrections?: SourceFile;
}

/** Where a source lies on the worker's side: a path, a glob or `s3://bucket/prefix`. */
export interface SourceLocation {
  readonly path: string;
  /** The file of corrected rows. */
  readonly corrections?: string;
}

/** Access to sources, read only. */
export interface SourceStore {
  /** Names, sizes and digests of a source's files, in code point order of their names. */
  fingerprint(location: SourceLocation): Promise<SourceManifest>;
  /** The fingerprinted files; what differs from the manifest stops its reader. */
  open(location: SourceLocation, manifest: SourceManifest): Promise<SourceContents>;
}

export const SOURCE_MANIFEST_MEDIA_TYPE = 'application/vnd.custos.source-manifest+json';

/** The name under which a run's locations have a source's file of corrections. */
export const correctionsKey = (name: string): string => `${name}:corrections`;

/** A run's locations of a source, by the names that {@link sourceLocation} looks for. */
export function locationsOf(name: string, location: SourceLocation): Record<string, string> {
  const { path, corrections } = location;
  return corrections === undefined
    ? { [name]: path }
    : { [name]: path, [correctionsKey(name)]: corrections };
}

/** Where a source and its corrections lie, of a run's locations. */
export function sourceLocation(
  name: string,
  locations: Readonly<Record<string, string>>,
): SourceLocation {
  const corrections = locations[correctionsKey(name)];
  const path = locations[name] ?? name;
  return corrections === undefined ? { path } : { path, corrections };
}
