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
