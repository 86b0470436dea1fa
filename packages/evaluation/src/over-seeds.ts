import type { Estimate } from '@xvision/contracts';
import { meanAucStatistic } from './auc-estimate.js';
import { patientBootstrap, type Statistic } from './bootstrap.js';
import { proportion } from './clustered-proportion.js';
import { predictedClass } from './confusion.js';
import { estimate, UNDEFINED_ESTIMATE } from './interval.js';

/** Test images of one training; `probabilities` are rows of one number per class. */
export interface SeedScores {
  readonly labels: readonly number[];
  readonly patients: readonly string[];
  readonly probabilities: readonly (readonly number[])[];
}

/** The mean over trainings of the AUC of each, resampling patients for all of them at once: seeds test the same people. */
export function aucOverSeeds(seeds: readonly SeedScores[]): Estimate {
  return estimated(patientsOf(seeds), meanOverSeeds(seeds, 0));
}

/** That mean of the first trainings minus that of the second. */
export function aucDifferenceOverSeeds(first: readonly SeedScores[], second: readonly SeedScores[]): Estimate {
  const patients = patientsOf(first);
  const one = meanOverSeeds(first, 0);
  const other = meanOverSeeds(second, patients.length);
  return estimated([...patients, ...patientsOf(second)], (weights) => {
    const [a, b] = [one(weights), other(weights)];
    return a === null || b === null ? null : a - b;
  });
}

/** Correct test images of all trainings together; images of a patient count as the little that they are. */
export function accuracyOverSeeds(seeds: readonly SeedScores[]): Estimate {
  return proportion(
    seeds.flatMap(({ labels, patients, probabilities }) =>
      probabilities.map((row, i) => ({ success: predictedClass(row) === labels[i], patient: patients[i] ?? '' })),
    ),
  );
}

function patientsOf(seeds: readonly SeedScores[]): string[] {
  return seeds.flatMap(({ patients }) => patients);
}

/** `from`: the place of these images' weights among all. A resample in which a training lacks a class goes by the others. */
function meanOverSeeds(seeds: readonly SeedScores[], from: number): Statistic {
  let place = from;
  const statistics = seeds.map((scores): Statistic => {
    const start = place;
    place += scores.labels.length;
    const own = meanAucStatistic(scores);
    return (weights) => own(weights.subarray(start, start + scores.labels.length));
  });
  return (weights) => {
    const values = statistics.map((statistic) => statistic(weights)).filter((value) => value !== null);
    return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
  };
}

function estimated(patients: readonly string[], statistic: Statistic): Estimate {
  const value = statistic(new Float64Array(patients.length).fill(1));
  if (value === null) return UNDEFINED_ESTIMATE;
  const [interval = null] = patientBootstrap(patients, [statistic]);
  return estimate(value, interval);
}
