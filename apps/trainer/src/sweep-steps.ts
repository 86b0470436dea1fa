import { type Catalogue, listSweepScores, recordSweepScore } from '@xvision/catalogue';
import type { FoldPlan, SweepSteps, TestScores } from '@xvision/learning';

/** The steps of one run. They are rows of the catalogue: a score is a float64 there as here, so nothing is rounded. */
export function sweepSteps(
  catalogue: Pick<Catalogue, 'prisma'>,
  { runId, classes }: { readonly runId: string; readonly classes: number },
): SweepSteps {
  return {
    async open() {
      const kept = await listSweepScores(catalogue, runId);
      const known = new Map(
        kept.map(({ setting, fold, probabilities }) => [`${setting} ${fold}`, probabilities] as const),
      );
      return {
        recall: async (setting: number, { repeat, fold, test }: FoldPlan): Promise<TestScores | undefined> => {
          const probabilities = known.get(`${setting} ${fold}`);
          if (probabilities?.length !== test.length * classes) return undefined;
          return { repeat, fold, test, probabilities: Float64Array.from(probabilities) };
        },
        keep: (setting: number, { fold, probabilities }: TestScores): Promise<void> =>
          recordSweepScore(catalogue, runId, { setting, fold, probabilities: [...probabilities] }),
      };
    },
  };
}
