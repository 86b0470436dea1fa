/** Computes the rows of several inputs at once. */
export type ComputeBatch<Input, Output> = (inputs: readonly Input[]) => Promise<readonly Output[]>;

export interface MicroBatcherOptions<Input, Output> {
  readonly compute: ComputeBatch<Input, Output>;
  readonly maxBatch: number;
  /** Batches handed over at once; 2 unless told: one is computed, the next lies ready, so that the engine never waits. */
  readonly inFlight?: number;
  /** Told the size of each batch when it is handed over. */
  readonly onBatch?: (size: number) => void;
}

interface Waiting<Input, Output> {
  readonly input: Input;
  readonly resolve: (output: Output) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Gathers what concurrent handlers ask for into batches. Nobody waits for a batch to fill: whatever has come while the
 * engine was busy goes together. A batch that fails is tried again one by one, so that one input cannot fail its mates.
 */
export class MicroBatcher<Input, Output> {
  readonly #options: MicroBatcherOptions<Input, Output>;
  readonly #waiting: Waiting<Input, Output>[] = [];
  readonly #mostInFlight: number;
  #inFlight = 0;

  constructor(options: MicroBatcherOptions<Input, Output>) {
    this.#options = options;
    this.#mostInFlight = options.inFlight ?? 2;
  }

  compute(input: Input): Promise<Output> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ input, resolve, reject });
      this.#pump();
    });
  }

  #pump(): void {
    while (this.#inFlight < this.#mostInFlight && this.#waiting.length > 0) {
      this.#inFlight += 1;
      void this.#run(this.#waiting.splice(0, this.#options.maxBatch));
    }
  }

  async #run(batch: readonly Waiting<Input, Output>[]): Promise<void> {
    try {
      await this.#compute(batch);
    } catch (error) {
      if (batch.length === 1) batch[0]?.reject(error);
      else await this.#computeSingly(batch);
    } finally {
      this.#inFlight -= 1;
      this.#pump();
    }
  }

  async #compute(batch: readonly Waiting<Input, Output>[]): Promise<void> {
    this.#options.onBatch?.(batch.length);
    const outputs = await this.#options.compute(batch.map(({ input }) => input));
    if (outputs.length !== batch.length) {
      throw new Error(`${batch.length} inputs went in and ${outputs.length} rows came out`);
    }
    for (const [index, output] of outputs.entries()) batch[index]?.resolve(output);
  }

  async #computeSingly(batch: readonly Waiting<Input, Output>[]): Promise<void> {
    for (const one of batch) {
      try {
        await this.#compute([one]);
      } catch (error) {
        one.reject(error);
      }
    }
  }
}
