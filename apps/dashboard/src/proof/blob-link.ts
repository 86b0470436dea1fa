import { createHash } from 'node:crypto';
import { BlobCorruptError, BlobMissingError, type BlobStore } from '@xvision/blob-store';
import type { ProofLevel, ProofLink } from '@xvision/contracts';

/** Where a link stands and what it is about. */
export interface LinkPlace {
  readonly level: ProofLevel;
  readonly of: string;
  readonly imageId?: string;
}

export function heldLink({ level, of, imageId }: LinkPlace, sha256: string | null): ProofLink {
  return { level, of, imageId: imageId ?? null, expected: sha256, found: sha256, problem: null };
}

export function brokenLink(
  { level, of, imageId }: LinkPlace,
  { problem, expected = null, found = null }: { problem: string; expected?: string | null; found?: string | null },
): ProofLink {
  return { level, of, imageId: imageId ?? null, expected, found, problem };
}

/** Reads a whole blob without keeping it and hashes it again. */
export async function blobLink(
  blobs: Pick<BlobStore, 'openStream'>,
  place: LinkPlace,
  expected: string,
): Promise<ProofLink> {
  try {
    const hash = createHash('sha256');
    for await (const chunk of await blobs.openStream(expected)) hash.update(chunk as Uint8Array);
    const found = hash.digest('hex');
    if (found === expected) return heldLink(place, expected);
    return brokenLink(place, { expected, found, problem: damaged(place) });
  } catch (error) {
    if (error instanceof BlobMissingError) {
      return brokenLink(place, {
        expected,
        problem: `${place.of} is not in the blob store: bring it back from a copy`,
      });
    }
    if (!(error instanceof BlobCorruptError)) throw error;
    return brokenLink(place, { expected, found: error.found, problem: damaged(place) });
  }
}

function damaged({ of }: LinkPlace): string {
  return `${of} is not what was stored: its bytes were altered; bring it back from a copy, or make it again`;
}
