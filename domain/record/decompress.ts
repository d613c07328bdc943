import { createGunzip, type Gunzip } from 'node:zlib';
import { Decompress } from 'fzstd';
import { RecordError } from './errors.js';
import { EXPANSION_LIMITS, MAX_ZSTD_WINDOW_BYTES } from './limits.js';

export type Compression = 'gzip' | 'zstd';

/** By the magic bytes of RFC 1952 and RFC 8878 (a frame, or a skippable frame before it). */
export function compressionOf(head: Uint8Array): Compression | undefined {
  if (head[0] === 0x1f && head[1] === 0x8b) return 'gzip';
  const [a = 0, b, c, d] = head;
  if (a === 0x28 && b === 0xb5 && c === 0x2f && d === 0xfd) return 'zstd';
  return (a & 0xf0) === 0x50 && b === 0x2a && c === 0x4d && d === 0x18 ? 'zstd' : undefined;
}

/** Counts what goes in and comes out. @throws RecordError SOURCE_LIMIT for a bomb */
function createGuard() {
  const { maxRatio, ratioFromBytes, maxBytes } = EXPANSION_LIMITS;
  let [read, made] = [0, 0];
  return {
    read: (bytes: number): number => (read += bytes),
    made(bytes: number): void {
      made += bytes;
      if (made > maxBytes) {
        throw new RecordError(
          'SOURCE_LIMIT',
          `a compressed file may hold at most ${String(maxBytes)} bytes; split it`,
        );
      }
      if (made > ratioFromBytes && made > read * maxRatio) {
        throw new RecordError(
          'SOURCE_LIMIT',
          `the compressed file grows to more than ${String(maxRatio)} times its size, as a decompression bomb does; unpack it if it is meant so`,
        );
      }
    },
  };
}

type Guard = ReturnType<typeof createGuard>;

function corrupt(kind: Compression, problem: string): RecordError {
  return new RecordError('SOURCE_CORRUPT', `the ${kind} data ${problem}; copy the file again`);
}

/** Bytes go in as fast as they are taken out. */
async function feed(
  gunzip: Gunzip,
  chunks: AsyncIterable<Uint8Array>,
  guard: Guard,
): Promise<number> {
  let fed = 0;
  for await (const chunk of chunks) {
    if (gunzip.destroyed) break;
    fed = guard.read(chunk.length);
    if (gunzip.write(chunk)) continue;
    await new Promise<void>((resolve) => {
      const goOn = (): void => {
        gunzip.off('drain', goOn).off('close', goOn);
        resolve();
      };
      gunzip.on('drain', goOn).on('close', goOn);
    });
  }
  gunzip.end();
  return fed;
}

const isZlibError = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && String(error.code).startsWith('Z_');

async function* gunzipped(
  chunks: AsyncIterable<Uint8Array>,
  guard: Guard,
): AsyncGenerator<Uint8Array> {
  const gunzip = createGunzip({ chunkSize: 1 << 17 });
  const feeding = feed(gunzip, chunks, guard).catch((error: unknown) => {
    gunzip.destroy(error instanceof Error ? error : new Error('unknown'));
    return 0;
  });
  try {
    for await (const chunk of gunzip as AsyncIterable<Buffer>) {
      guard.made(chunk.length);
      yield chunk;
    }
    // Node ends quietly at bytes that begin no further member.
    if ((await feeding) > gunzip.bytesWritten) throw corrupt('gzip', 'is followed by other bytes');
  } catch (error) {
    throw isZlibError(error) ? corrupt('gzip', 'is damaged or cut off') : error;
  } finally {
    gunzip.destroy();
    await feeding;
  }
}

/** What fzstd's decoder keeps of the frame it is in; `e` is the window's size in bytes. */
interface OpenFrame {
  readonly s?: { readonly e?: number } | number;
}

/** Small enough that one call cannot make more than the guard lets it hold. */
const ZSTD_STEP_BYTES = 1 << 14;

async function* unzstd(
  chunks: AsyncIterable<Uint8Array>,
  guard: Guard,
): AsyncGenerator<Uint8Array> {
  let made: Uint8Array[] = [];
  const decoder = new Decompress((block) => {
    const { s: frame } = decoder as unknown as OpenFrame;
    const windowBytes = typeof frame === 'object' ? (frame.e ?? 0) : 0;
    if (windowBytes > MAX_ZSTD_WINDOW_BYTES) {
      throw new RecordError(
        'SOURCE_LIMIT',
        `the zstd data needs a window of ${String(windowBytes)} bytes, at most ${String(MAX_ZSTD_WINDOW_BYTES)} are allowed; compress it without --long`,
      );
    }
    guard.made(block.length);
    if (block.length > 0) made.push(block);
  });
  const push = (part: Uint8Array, final: boolean): readonly Uint8Array[] => {
    made = [];
    try {
      decoder.push(part, final);
    } catch (error) {
      throw error instanceof RecordError ? error : corrupt('zstd', 'is damaged or cut off');
    }
    return made;
  };
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.length; at += ZSTD_STEP_BYTES) {
      const part = chunk.subarray(at, at + ZSTD_STEP_BYTES);
      guard.read(part.length);
      yield* push(part, false);
    }
  }
  yield* push(new Uint8Array(0), true);
}

/**
 * The plain bytes of a gzip or zstd stream of one or more members, in constant memory. Checksums of
 * zstd frames are not verified; the file's own digest is.
 * @throws RecordError SOURCE_CORRUPT when it is damaged, cut off or followed by something else;
 *   SOURCE_LIMIT when it expands without bound
 */
export function decompress(
  chunks: AsyncIterable<Uint8Array>,
  compression: Compression,
): AsyncGenerator<Uint8Array> {
  const guard = createGuard();
  return compression === 'gzip' ? gunzipped(chunks, guard) : unzstd(chunks, guard);
}
