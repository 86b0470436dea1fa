import type { BlobStore } from '@xvision/blob-store';
import type { MemberClaims } from '@xvision/catalogue';
import type { ProofLevel, ProofLink } from '@xvision/contracts';
import { blobLink, brokenLink, heldLink, type LinkPlace } from './blob-link.js';
import { differenceFrom, type ManifestEntry } from './manifest.js';

/**
 * The links of one image: frozen member → feature row → network input → original → source. `entry` is what the manifest
 * says of it; undefined where the manifest itself is broken, which its own link tells.
 */
export async function proveMember(
  blobs: Pick<BlobStore, 'openStream'>,
  member: MemberClaims,
  manifest: readonly ManifestEntry[] | undefined,
): Promise<ProofLink[]> {
  const entry = manifest?.[member.position];
  const at = (level: ProofLevel, what: string): LinkPlace => {
    return { level, of: `${what} of ${member.file}`, imageId: member.imageId };
  };
  const links: ProofLink[] = [];
  const difference = manifest === undefined ? undefined : differenceFrom(entry, member);
  if (difference !== undefined) {
    const problem = `${difference}: the catalogue was changed after the dataset was frozen`;
    links.push(brokenLink(at('dataset', 'the place in the dataset'), { problem }));
  }
  const preparedSha256 = entry?.preparedSha256 ?? member.preparedSha256;
  links.push(
    (await featureRecord(member, { preparedSha256, place: at('features', 'the feature row') })) ??
      (await blobLink(blobs, at('features', 'the feature row'), member.featureSha256)),
    preparedSha256 === null
      ? brokenLink(at('prepared', 'the network input'), { problem: 'nobody knows its network input any more' })
      : await blobLink(blobs, at('prepared', 'the network input'), preparedSha256),
    await blobLink(blobs, at('original', 'the original'), member.originalSha256),
    sourceLink(member, at('source', 'what the source gave')),
  );
  return links;
}

/** A feature row belongs to an input only because the catalogue says so. Undefined where it does. */
async function featureRecord(
  { featureSha256, recordedFeatureSha256, preparedSha256: now }: MemberClaims,
  { preparedSha256, place }: { preparedSha256: string | null; place: LinkPlace },
): Promise<ProofLink | undefined> {
  // Prepared anew since: the catalogue then knows the features of another input.
  if (now !== preparedSha256 || recordedFeatureSha256 === featureSha256) return undefined;
  return brokenLink(place, {
    expected: featureSha256,
    found: recordedFeatureSha256,
    problem: `${place.of} is not the one that the catalogue has of its network input: extract it again and train again`,
  });
}

function sourceLink({ originalSha256, collectedSha256 }: MemberClaims, place: LinkPlace): ProofLink {
  if (collectedSha256 === originalSha256) return heldLink(place, originalSha256);
  return brokenLink(place, {
    expected: collectedSha256,
    found: originalSha256,
    problem:
      collectedSha256 === null
        ? `there is no event image.collected that says what came: its origin cannot be shown`
        : `another file came from the source than the catalogue has now: collect it again`,
  });
}
