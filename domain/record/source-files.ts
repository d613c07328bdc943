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
