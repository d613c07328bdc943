import { createHash } from 'node:crypto';
import type { SourceFile } from '../../domain/record/source-files.js';

/** A source's file whose bytes a test made; it comes in chunks of `chunkBytes`. */
export function memoryFile(name: string, bytes: Uint8Array, chunkBytes = 1 << 16): SourceFile {
  return {
    name,
    digest: `sha256:${createHash('sha256').update(bytes).digest('hex')}`,
    sizeBytes: bytes.length,
    async *open() {
      await Promise.resolve();
      for (let at = 0; at < bytes.length; at += chunkBytes) {
        yield bytes.subarray(at, at + chunkBytes);
      }
    },
    readRange: (start, end) => Promise.resolve(bytes.subarray(start, end)),
  };
}
