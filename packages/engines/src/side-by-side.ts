import type { EngineDescription, Session } from './session.js';
import type { Tensors } from './tensor.js';

/**
 * Several sessions of one graph as one: each run goes to the session with the least in hand, so that as many runs as
 * there are sessions are computed at once. Takes the sessions over: closing it closes them.
 */
export function sideBySide(sessions: readonly [Session, ...Session[]]): Session {
  return sessions.length === 1 ? sessions[0] : new SessionsSideBySide(sessions);
}

class SessionsSideBySide implements Session {
  readonly #sessions: readonly [Session, ...Session[]];
  readonly #inHand: number[];

  constructor(sessions: readonly [Session, ...Session[]]) {
    this.#sessions = sessions;
    this.#inHand = sessions.map(() => 0);
  }

  get inputs(): readonly string[] {
    return this.#sessions[0].inputs;
  }

  get outputs(): readonly string[] {
    return this.#sessions[0].outputs;
  }

  async run(feeds: Tensors, outputs?: readonly string[]): Promise<Tensors> {
    const chosen = this.#inHand.indexOf(Math.min(...this.#inHand));
    this.#count(chosen, 1);
    try {
      return await (this.#sessions[chosen] ?? this.#sessions[0]).run(feeds, outputs);
    } finally {
      this.#count(chosen, -1);
    }
  }

  describe(): EngineDescription {
    return { ...this.#sessions[0].describe(), copies: this.#sessions.length };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#sessions.map((session) => session[Symbol.asyncDispose]()));
  }

  #count(session: number, change: number): void {
    this.#inHand[session] = (this.#inHand[session] ?? 0) + change;
  }
}
