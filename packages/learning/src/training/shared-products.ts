import { HIDDEN } from '../heads/dual-state.js';
import type { NetworkKey } from './initial-layers.js';
import { kernelBlocks } from './products.js';
import { type SharedRows, sharedRows } from './shared-rows.js';
import type { TrainingJobs } from './training-pool.js';

/** The large products of some rows, each computed once: the kernel, and the projections by seed, repeat and member. */
export class SharedProducts {
  readonly #jobs: TrainingJobs;
  readonly #rows: SharedRows;
  readonly #projections = new Map<string, Promise<SharedRows>>();
  #kernel: Promise<SharedRows> | undefined;

  constructor(jobs: TrainingJobs, rows: SharedRows) {
    this.#jobs = jobs;
    this.#rows = rows;
  }

  /** X X^T. */
  kernel(): Promise<SharedRows> {
    this.#kernel ??= this.#computeKernel();
    return this.#kernel;
  }

  /** X W1_0 of one network. */
  projection(key: NetworkKey): Promise<SharedRows> {
    const name = `${key.seed} ${key.repeat} ${key.member}`;
    const known = this.#projections.get(name) ?? this.#project(key);
    this.#projections.set(name, known);
    return known;
  }

  /** Lets the projections go; those that are asked for again are computed again. */
  releaseProjections(): void {
    this.#projections.clear();
  }

  async #computeKernel(): Promise<SharedRows> {
    const rows = this.#rows;
    const kernel = sharedRows(rows.count, rows.count);
    await Promise.all(kernelBlocks(rows.count).map((pair) => this.#jobs.run({ kind: 'gram', rows, kernel, pair })));
    return kernel;
  }

  async #project(key: NetworkKey): Promise<SharedRows> {
    const projection = sharedRows(this.#rows.count, HIDDEN);
    await this.#jobs.run({ kind: 'project', rows: this.#rows, projection, key });
    return projection;
  }
}
