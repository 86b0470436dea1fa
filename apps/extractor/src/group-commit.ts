export interface GroupCommitOptions<Effect, Outcome> {
  /** Writes all of these or, when it rejects, none; resolves to one outcome for each, in their order. */
  readonly commit: (effects: readonly Effect[]) => Promise<readonly Outcome[]>;
  /** Most effects in one commit. */
  readonly most: number;
  /** Longest time that an effect waits for others. */
  readonly lingerMs: number;
}

interface Waiting<Effect, Outcome> {
  readonly effect: Effect;
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Writes what several images in hand come to in one commit: a commit costs the same for eight rows as for one, and cores
 * that write do not infer. Nobody waits in vain: when no other image is in hand, the commit is made at once. Effects
 * that cannot be written together are written one by one, so that one cannot fail its mates.
 */
export class GroupCommit<Effect, Outcome> {
  readonly #options: GroupCommitOptions<Effect, Outcome>;
  #waiting: Waiting<Effect, Outcome>[] = [];
  #inHand = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: GroupCommitOptions<Effect, Outcome>) {
    this.#options = options;
  }

  /** Counts as in hand until `work` is over, so that effects of others may wait for its own. */
  async whileInHand<Result>(work: () => Promise<Result>): Promise<Result> {
    this.#inHand += 1;
    try {
      return await work();
    } finally {
      this.#inHand -= 1;
      this.#look();
    }
  }

  /** Resolves when the effect is committed. */
  add(effect: Effect): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ effect, resolve, reject });
      this.#look();
    });
  }

  #look(): void {
    if (this.#waiting.length === 0) return;
    if (this.#waiting.length >= Math.min(this.#options.most, this.#inHand)) this.#flush();
    else this.#timer ??= setTimeout(() => this.#flush(), this.#options.lingerMs);
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const group = this.#waiting;
    this.#waiting = [];
    void this.#commit(group);
  }

  async #commit(group: readonly Waiting<Effect, Outcome>[]): Promise<void> {
    try {
      const outcomes = await this.#options.commit(group.map(({ effect }) => effect));
      if (outcomes.length !== group.length) {
        throw new Error(`${group.length} effects were committed with ${outcomes.length} outcomes`);
      }
      for (const [index, outcome] of outcomes.entries()) group[index]?.resolve(outcome);
    } catch (error) {
      if (group.length === 1) group[0]?.reject(error);
      else for (const one of group) await this.#commit([one]);
    }
  }
}
