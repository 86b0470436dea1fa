import { type ScoringProfile, scoringProfileSchema } from '@xvision/contracts';
import type { Database } from '../database.js';

export async function findScoringProfile(db: Database, modelId: string): Promise<ScoringProfile | undefined> {
  const row = await db.prisma.scoringProfile.findUnique({ where: { modelId }, select: { profile: true } });
  return row === null ? undefined : scoringProfileSchema.parse(row.profile);
}

/** Keeps the profile of a model; one that is there stays, since predictions were read by it. */
export async function recordScoringProfile(db: Database, modelId: string, profile: ScoringProfile): Promise<void> {
  await db.prisma.$executeRaw`
    INSERT INTO scoring_profile (model_id, profile) VALUES (${modelId}::uuid, ${JSON.stringify(profile)}::jsonb)
    ON CONFLICT DO NOTHING`;
}
