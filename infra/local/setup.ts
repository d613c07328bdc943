import type { FoundBinary } from './binary-cache.js';
import { findBinary, type FindBinaryOptions } from './find-binary.js';

/** Makes sure that a Temporal server program is there, fetching it into the cache if need be. */
export async function setupTemporal(options: FindBinaryOptions = {}): Promise<FoundBinary> {
  return findBinary('temporal', options);
}

/** Makes sure that a MinIO program is there, building it into the cache if need be. */
export async function setupMinio(options: FindBinaryOptions = {}): Promise<FoundBinary> {
  return findBinary('minio', options);
}
