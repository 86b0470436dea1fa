import { type ChildLimits, DecoderChild, DecoderLostError } from './decoder-child.js';
import type { DecodeReply, DecodeRequest } from './decoder-messages.js';
import type { DecodedGrey } from './grey-values.js';
import type { Prepared, PrepareOptions } from './prepare.js';
import type { DecodeOptions } from './radiograph.js';
import { DecoderFaultError, UnfitImageError } from './unfit-image-error.js';

export interface DecoderPoolOptions extends Partial<ChildLimits> {
  /** Child processes; images beyond that wait their turn. */
  readonly size?: number;
}

export interface DecoderPool extends AsyncDisposable {
  /**
   * Decodes and prepares one image in a child process. Throws {@link UnfitImageError}; an image that takes its decoder
   * down twice (crash, time, memory) is `unreadable`. {@link DecoderFaultError} where the image
   * may be tried again.
   */
  prepare(bytes: Uint8Array, options?: PrepareOptions): Promise<Prepared>;
  /** The values of one image at their own depth, in a child process too; throws the same. */
  greyValues(bytes: Uint8Array, options?: DecodeOptions): Promise<DecodedGrey>;
}

const DEFAULT_LIMITS: ChildLimits = { timeoutMs: 60_000, maxOldSpaceMb: 512, maxResidentMb: 1024 };

/** A decoder may have been the victim of another process's memory; the same image failing again is no accident. */
const ATTEMPTS = 2;

/** Children start when first needed, are replaced when lost or heavy, and end when the pool is disposed. */
export function openDecoderPool(options: DecoderPoolOptions = {}): DecoderPool {
  const { size = 1, ...limits } = options;
  return new Pool(size, { ...DEFAULT_LIMITS, ...limits });
}

class Pool implements DecoderPool {
  readonly #limits: ChildLimits;
  /** One entry a free place: its child, or undefined where one must be started. */
  readonly #free: (DecoderChild | undefined)[];
  readonly #children = new Set<DecoderChild>();
  readonly #waiting: (() => void)[] = [];
  #closed = false;

  constructor(size: number, limits: ChildLimits) {
    this.#limits = limits;
    this.#free = Array.from({ length: size }, () => undefined);
  }

  async prepare(bytes: Uint8Array, options: PrepareOptions = {}): Promise<Prepared> {
    const reply = await this.#answered({ work: 'prepare', bytes, options });
    if (reply.kind === 'prepared') return reply.prepared;
    throw failureOf(reply);
  }

  async greyValues(bytes: Uint8Array, options: DecodeOptions = {}): Promise<DecodedGrey> {
    const reply = await this.#answered({ work: 'grey values', bytes, options });
    if (reply.kind === 'grey values') return reply.grey;
    throw failureOf(reply);
  }

  async #answered(request: DecodeRequest): Promise<DecodeReply> {
    let loss: DecoderLostError | undefined;
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      try {
        return await this.#runOnce(request);
      } catch (cause) {
        if (!(cause instanceof DecoderLostError) || this.#closed) throw cause;
        loss = cause;
      }
    }
    throw new UnfitImageError(
      'unreadable',
      `the image brought its decoder down ${ATTEMPTS} times (${loss?.message ?? 'no reason known'}); export it again`,
      { cause: loss },
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    for (const wake of this.#waiting.splice(0)) wake();
    await Promise.all([...this.#children].map((child) => child.close()));
  }

  async #runOnce(request: DecodeRequest): Promise<DecodeReply> {
    while (this.#free.length === 0 && !this.#closed) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    if (this.#closed) throw new Error('the decoder pool is closed');
    const idle = this.#free.pop();
    const child = idle?.alive === true ? idle : this.#replace(idle);
    try {
      return await child.run(request);
    } finally {
      await this.#putBack(child);
    }
  }

  #replace(dead: DecoderChild | undefined): DecoderChild {
    if (dead !== undefined) this.#children.delete(dead);
    const child = new DecoderChild(this.#limits);
    this.#children.add(child);
    return child;
  }

  async #putBack(child: DecoderChild): Promise<void> {
    const keep = child.alive && !(await child.isHeavy());
    if (!keep) {
      this.#children.delete(child);
      await child.close();
    }
    this.#free.push(keep ? child : undefined);
    this.#waiting.shift()?.();
  }
}

function failureOf(reply: DecodeReply): Error {
  if (reply.kind === 'unfit') return new UnfitImageError(reply.reason, reply.message);
  const said = reply.kind === 'fault' ? reply.message : `it answered "${reply.kind}"`;
  return new DecoderFaultError(`the decoder process failed, not the image: ${said}`);
}
