export { openArtifactStore, type StreamingArtifactStore } from './artifact-store.js';
export { openDocumentStore } from './documents.js';
export type {
  Bucket,
  ObjectBody,
  ObjectDriver,
  ObjectPart,
  ObjectStat,
  StoredObject,
  StreamBody,
} from './driver.js';
export { createDurably, makeFolder, syncDirectory } from './durable-file.js';
export { StoreError, type StoreErrorCode } from './errors.js';
export { openFileDriver } from './file-driver.js';
export { withLease, type Lease, type LeaseOptions } from './lease.js';
export { openS3Driver } from './s3-driver.js';
export type { S3Options } from './s3-connection.js';
