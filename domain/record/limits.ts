const MIB = 1024 * 1024;

/** How far a compressed file may expand. Reading is streamed: the limits bound time, not memory. */
export const EXPANSION_LIMITS = {
  /** Plain bytes for each compressed one; text reaches 30, a bomb 1,000 and more. */
  maxRatio: 200,
  /** Smaller outputs may have any ratio: a file of equal rows is no bomb. */
  ratioFromBytes: 64 * MIB,
  maxBytes: 256 * 1024 * MIB,
} as const;

/** What `zstd --long=27` needs; the decoder moves its whole window at every block. */
export const MAX_ZSTD_WINDOW_BYTES = 128 * MIB;

/** Of Parquet: what is decoded at once is held at once. */
export const PARQUET_LIMITS = {
  maxFooterBytes: 64 * MIB,
  /** Plain bytes of the mapped columns of one row group. */
  maxRowGroupBytes: 256 * MIB,
  maxPageBytes: 128 * MIB,
  /** Values of one column in one row group; lists have several a row. */
  maxColumnValues: 16 * MIB,
} as const;

/** Corrected rows are looked up by position and so held in memory. */
export const MAX_CORRECTION_BYTES = 64 * MIB;

/** Bytes of a file's beginning by which its format and its dialect are told. */
export const SAMPLE_BYTES = 64 * 1024;
