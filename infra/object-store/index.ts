export { openArtifactStore, type StreamingArtifactStore } from './artifact-store.js';
export { openDocumentStore } from './documents.js';
export type { Bucket, ObjectDriver } from './driver.js';
export { createDurably, makeFolder, syncDirectory } from './durable-file.js';
export { openFileDriver } from './file-driver.js';
export { withLease } from './lease.js';
export { openS3Driver } from './s3-driver.js';
export { inspectBuckets, type BucketState } from './s3-buckets.js';
export type { S3Options } from './s3-connection.js';
