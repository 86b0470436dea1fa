/** Does something again and again while somebody looks, and nothing while nobody does. */
export class Poller {
  private readonly everyMs: number;
  private readonly work: () => Promise<void>;
  private running = false;
  private wanted = false;

  constructor(everyMs: number, work: () => Promise<void>) {
    this.everyMs = everyMs;
    this.work = work;
  }

  start(): void {
    this.wanted = true;
    if (this.running) return;
    this.running = true;
    void this.loop();
  }

  stop(): void {
    this.wanted = false;
  }

  private async loop(): Promise<void> {
    while (this.wanted) {
      const startedAt = performance.now();
      await this.work();
      // A slow database is asked less often: half of its time is for others.
      const pause = Math.max(this.everyMs, performance.now() - startedAt);
      await new Promise((resolve) => setTimeout(resolve, pause).unref());
    }
    this.running = false;
  }
}
