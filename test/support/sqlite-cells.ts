import initSqlJs from 'sql.js';

// https://www.sqlite.org/fileformat2.html, sections 1.3 and 4.1
const HEADER_BYTES = 100;
const WAL_HEADER_BYTES = 32;
const FRAME_HEADER_BYTES = 24;

/**
 * A database as its readers see it: its file with the committed pages of its write-ahead log laid
 * over it, marked as one that needs no log.
 */
function databaseImage(file: Buffer, wal: Buffer): Buffer {
  const pages = new Map<number, Buffer>();
  let pending: (readonly [number, Buffer])[] = [];
  let pageCount = 0;
  const pageBytes = wal.length < WAL_HEADER_BYTES ? 0 : wal.readUInt32BE(8);
  const salts = wal.subarray(16, 24);
  const frameBytes = FRAME_HEADER_BYTES + pageBytes;
  for (
    let at = WAL_HEADER_BYTES;
    pageBytes > 0 && at + frameBytes <= wal.length;
    at += frameBytes
  ) {
    // What is left of an earlier round of the log has other salts.
    if (!wal.subarray(at + 8, at + 16).equals(salts)) break;
    const start = at + FRAME_HEADER_BYTES;
    pending.push([wal.readUInt32BE(at), wal.subarray(start, start + pageBytes)]);
    const sizeAfterCommit = wal.readUInt32BE(at + 4);
    if (sizeAfterCommit === 0) continue;
    for (const [number, page] of pending) pages.set(number, page);
    pending = [];
    pageCount = sizeAfterCommit;
  }
  const image = Buffer.alloc(Math.max(file.length, pageCount * pageBytes));
  file.copy(image);
  for (const [number, page] of pages) page.copy(image, (number - 1) * pageBytes);
  if (image.length >= HEADER_BYTES) image.fill(1, 18, 20);
  return image;
}

/** Every text and blob of every table of an SQLite database, whole, wherever its pages lie. */
export async function* sqliteCells(file: Buffer, wal: Buffer): AsyncGenerator<Buffer> {
  const { Database } = await initSqlJs();
  const database = new Database(databaseImage(file, wal));
  try {
    // A virtual table keeps what it holds in tables of its own.
    const [tables] = database.exec(
      "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'",
    );
    for (const [name] of tables?.values ?? []) {
      const rows = database.prepare(`SELECT * FROM "${String(name)}"`);
      while (rows.step()) {
        for (const cell of rows.get()) {
          if (typeof cell === 'string') yield Buffer.from(cell);
          else if (cell instanceof Uint8Array) yield Buffer.from(cell);
        }
      }
      rows.free();
    }
  } finally {
    database.close();
  }
}
