export {
  BlobCorruptError,
  BlobMismatchError,
  BlobMissingError,
  type BlobStore,
  BlobTooLargeError,
  type StoredBlob,
  type StreamLimits,
} from './blob-store.js';
export { type BlobMeasure, measureBlobs } from './measure-blobs.js';
export { openBlobStore, openStores, type StoreEnvironment, type Stores } from './open-stores.js';
