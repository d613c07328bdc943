export { openArtifactStore, type StreamingArtifactStore } from './artifact-store.js';
export {
  discardArtifact,
  parseArtifactKey,
  readArtifactHeader,
  shelvedArtifacts,
  type ShelvedArtifact,
} from './artifact-shelf.js';
export { FRESH_MS } from './artifact-fresh.js';
export { openDocumentStore } from './documents.js';
export type { Bucket, Leftovers, ObjectDriver, ObjectEntry } from './driver.js';
export { createDurably, flush, makeFolder, syncDirectory } from './durable-file.js';
export { openFileDriver } from './file-driver.js';
export { guardFiles } from './file-faults.js';
export { withLease } from './lease.js';
export { openS3Driver } from './s3-driver.js';
export { inspectBuckets, type BucketState } from './s3-buckets.js';
export type { S3Options } from './s3-connection.js';
