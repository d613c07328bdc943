import { gzipSync } from 'node:zlib';
import { parquetWriteBuffer } from 'hyparquet-writer';

/** Bytes of a text in Latin-1, so that a test can write any byte as an escape. */
export const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');
export const utf8 = (text: string): Buffer => Buffer.from(text, 'utf8');
export const utf16 = (text: string): Buffer => Buffer.from(`\ufeff${text}`, 'utf16le');
export const gzip = (text: string | Uint8Array): Buffer => gzipSync(text);

const MAX_BLOCK = 1 << 17;

function blockHeader(sizeBytes: number, type: 0 | 1, last: boolean): Buffer {
  const header = Buffer.alloc(3);
  header.writeUIntLE((sizeBytes << 3) | (type << 1) | (last ? 1 : 0), 0, 3);
  return header;
}

/** A zstd frame header (RFC 8878) with a window and no content size. `windowLog` from 10. */
function frameHeader(windowLog: number): Buffer {
  return Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, (windowLog - 10) << 3]);
}

/** A zstd frame of raw blocks: valid, and as long as its content. */
export function zstd(content: Uint8Array, windowLog = 17): Buffer {
  const parts: Buffer[] = [frameHeader(windowLog)];
  for (let at = 0; at === 0 || at < content.length; at += MAX_BLOCK) {
    const block = Buffer.from(content.subarray(at, at + MAX_BLOCK));
    parts.push(blockHeader(block.length, 0, at + MAX_BLOCK >= content.length), block);
  }
  return Buffer.concat(parts);
}

/** A zstd frame of `blocks` blocks of 128 KiB, four bytes each. */
export function zstdBomb(blocks: number): Buffer {
  const block = Buffer.concat([blockHeader(MAX_BLOCK, 1, false), Buffer.from(' ')]);
  const all = Array.from({ length: blocks }, () => block);
  return Buffer.concat([frameHeader(17), ...all, blockHeader(0, 0, true)]);
}

type Column = Parameters<typeof parquetWriteBuffer>[0]['columnData'][number];

export function parquet(...columnData: Column[]): Buffer {
  return Buffer.from(parquetWriteBuffer({ columnData }));
}

/** A Parquet file of strings, one column a member. */
export function parquetOf(columns: Readonly<Record<string, readonly unknown[]>>): Buffer {
  return parquet(
    ...Object.entries(columns).map(([name, data]): Column => ({
      name,
      data: [...data],
      type: 'STRING',
    })),
  );
}
