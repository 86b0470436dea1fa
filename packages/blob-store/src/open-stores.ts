import path from 'node:path';
import type { BlobStore } from './blob-store.js';
import { openFileSystemStore } from './file-system-store.js';

export interface StoreEnvironment {
  /** A folder that every service of the stack can reach. */
  readonly XVISION_STORE: string;
}

export interface Stores {
  /** Originals, prepared images, feature rows, checkpoints, manifests: what the catalogue points at. */
  readonly blobs: BlobStore;
  /** Uploads that nobody has checked or de-identified yet; only the API and the scraper touch it. */
  readonly quarantine: BlobStore;
}

/** One store: a folder, created where it is absent. */
export async function openBlobStore({ root }: { readonly root: string }): Promise<BlobStore> {
  return await openFileSystemStore({ root });
}

/** The two stores of a stack, apart from each other so that nothing unchecked can be read as checked. */
export async function openStores({ XVISION_STORE }: StoreEnvironment): Promise<Stores> {
  return {
    blobs: await openBlobStore({ root: path.join(XVISION_STORE, 'blobs') }),
    quarantine: await openBlobStore({ root: path.join(XVISION_STORE, 'quarantine') }),
  };
}
