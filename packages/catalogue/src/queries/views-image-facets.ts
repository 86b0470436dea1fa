import type { Database } from '../database.js';

export interface ImageFacets {
  readonly licences: readonly string[];
  /** What the sources call the newest images, the most frequent first. */
  readonly labels: readonly string[];
}

/** Images that are looked at for labels to offer: all of them would take too long for a list to choose from. */
const LOOKED_AT = 2000;
const OFFERED = 200;

/** What there is to filter by. Licences are found by hopping along their index, one probe a licence. */
export async function findImageFacets(db: Database): Promise<ImageFacets> {
  const licences = await db.prisma.$queryRaw<{ licence: string }[]>`
    WITH RECURSIVE known AS (
      (SELECT licence FROM image WHERE licence IS NOT NULL ORDER BY licence LIMIT 1)
      UNION ALL
      SELECT (SELECT licence FROM image WHERE licence > known.licence ORDER BY licence LIMIT 1)
      FROM known WHERE known.licence IS NOT NULL
    )
    SELECT licence FROM known WHERE licence IS NOT NULL LIMIT ${OFFERED}`;
  const labels = await db.prisma.$queryRaw<{ term: string }[]>`
    SELECT term FROM (SELECT terms FROM image ORDER BY id DESC LIMIT ${LOOKED_AT}) AS newest
    CROSS JOIN unnest(newest.terms) AS term
    GROUP BY term ORDER BY count(*) DESC, term LIMIT ${OFFERED}`;
  return { licences: licences.map((one) => one.licence), labels: labels.map((one) => one.term) };
}
