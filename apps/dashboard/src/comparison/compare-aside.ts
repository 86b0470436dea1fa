import type { ComparableRun, Comparison } from '@xvision/evaluation';
import { openAside } from '../aside.js';

export interface ComparedRuns {
  readonly first: ComparableRun;
  readonly second: ComparableRun;
}

export const openComparer = (): ((runs: ComparedRuns) => Promise<Comparison>) =>
  openAside<Comparison>('comparison/comparison-worker.js');
