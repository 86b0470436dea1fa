import { MultiBar, type SingleBar } from 'cli-progress';
import type { Output } from './output.js';

/** How far one stage is. */
export interface StageProgress {
  readonly stage: string;
  readonly done: number;
  /** Undefined while the source has not said how many there are. */
  readonly total: number | undefined;
}

export interface Progress {
  update(stages: readonly StageProgress[]): void;
  stop(): void;
}

const BAR = ' {stage} [{bar}] {value}/{total}  {rate}/s  ETA {left}';

/** Seconds as a person says them; "-" before there is a rate. */
function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return '-';
  return seconds < 90 ? `${Math.ceil(seconds)} s` : `${Math.ceil(seconds / 60)} min`;
}

/** Images a second since the stage first moved. */
class Rate {
  private first: { at: number; done: number } | undefined;
  private last = 0;

  observe(done: number): void {
    if (this.first === undefined && done > 0) this.first = { at: Date.now(), done };
    this.last = done;
  }

  perSecond(): number {
    if (this.first === undefined) return 0;
    const seconds = (Date.now() - this.first.at) / 1000;
    return seconds < 0.5 ? 0 : (this.last - this.first.done) / seconds;
  }
}

function bars(stream: NodeJS.WriteStream): Progress {
  const multi = new MultiBar({
    format: BAR,
    stream,
    hideCursor: true,
    barsize: 30,
    clearOnComplete: false,
    etaBuffer: 20,
  });
  const shown = new Map<string, { bar: SingleBar; rate: Rate }>();
  return {
    update: (stages) => {
      for (const { stage, done, total } of stages) {
        const entry = shown.get(stage) ?? {
          bar: multi.create(total ?? 1, 0, { stage: stage.padEnd(10), rate: '-', left: '-' }),
          rate: new Rate(),
        };
        shown.set(stage, entry);
        entry.rate.observe(done);
        const rate = entry.rate.perSecond();
        entry.bar.setTotal(Math.max(total ?? done, done, 1));
        entry.bar.update(done, {
          rate: rate === 0 ? '-' : rate.toFixed(rate < 10 ? 1 : 0),
          left: total === undefined || rate === 0 ? '-' : duration((total - done) / rate),
        });
      }
    },
    stop: () => multi.stop(),
  };
}

/** One line whenever a stage has moved by a tenth, for logs and pipes. */
function lines(note: (line: string) => void): Progress {
  const told = new Map<string, number>();
  const rates = new Map<string, Rate>();
  return {
    update: (stages) => {
      for (const { stage, done, total } of stages) {
        const rate = rates.get(stage) ?? new Rate();
        rates.set(stage, rate);
        rate.observe(done);
        const step = total === undefined ? 50 : Math.max(1, Math.ceil(total / 10));
        const reached = total !== undefined && done >= total ? Number.MAX_SAFE_INTEGER : Math.floor(done / step);
        if (done === 0 || reached <= (told.get(stage) ?? 0)) continue;
        told.set(stage, reached);
        const perSecond = rate.perSecond();
        const left =
          total === undefined || perSecond === 0 || done >= total
            ? ''
            : `, ETA ${duration((total - done) / perSecond)}`;
        const speed = perSecond === 0 ? '' : ` (${perSecond.toFixed(1)}/s${left})`;
        note(`${stage}: ${done}${total === undefined ? '' : `/${total}`}${speed}`);
      }
    },
    stop: () => undefined,
  };
}

/** A bar per stage with rate and ETA on a terminal, plain lines otherwise. */
export function openProgress(output: Output, stream: NodeJS.WriteStream): Progress {
  return output.terminal ? bars(stream) : lines((line) => output.note(line));
}
