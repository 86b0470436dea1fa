import type { MemberClaims } from '@xvision/catalogue';
import { sha256Schema } from '@xvision/contracts';
import { z } from 'zod';

/** One image as the trainer froze it, under names that are the same in every catalogue. */
const entrySchema = z.object({
  collection: z.string(),
  image: z.string(),
  patient: z.string(),
  label: z.number().int(),
  preparedSha256: sha256Schema,
  featureSha256: sha256Schema,
  folds: z.array(z.number().int()),
});
export type ManifestEntry = z.infer<typeof entrySchema>;

const manifestSchema = z.object({ format: z.literal('xvision-dataset-1'), members: z.array(entrySchema) });

/** The members that a dataset's manifest lists, in its order; undefined where the bytes are no manifest. */
export function readManifest(bytes: Uint8Array): ManifestEntry[] | undefined {
  try {
    return manifestSchema.parse(JSON.parse(Buffer.from(bytes).toString('utf8'))).members;
  } catch {
    return undefined;
  }
}

/** In what a member of the catalogue is not what the manifest froze; undefined where they agree. */
export function differenceFrom(entry: ManifestEntry | undefined, member: MemberClaims): string | undefined {
  if (entry === undefined) return `the manifest has no image ${member.position}`;
  const pairs: [string, unknown, unknown][] = [
    ['collection', entry.collection, member.collection],
    ['file', entry.image, member.file],
    ['patient', entry.patient, member.patient],
    ['class', entry.label, member.label],
    ['folds', entry.folds.join(','), member.folds.join(',')],
    ['features', entry.featureSha256, member.featureSha256],
  ];
  const found = pairs.find(([, frozen, now]) => frozen !== now);
  return found && `its ${found[0]} was frozen as ${String(found[1])}, the catalogue says ${String(found[2])}`;
}
