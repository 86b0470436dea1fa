import { createHash } from 'node:crypto';
import { openSession, type Session, type Tensors, tensor } from '@xvision/engines';
import { HIDDEN } from '../heads/dual-state.js';
import { headInferenceGraph } from '../heads/inference-graph.js';
import { floatsOf, floatTensor } from '../heads/precision.js';
import { scoreLogistic } from '../logistic/logistic-head.js';
import { membersOf } from '../training/training-request.js';
import { type HeadCard, headCardSchema } from './head-card.js';
import { DamagedFileError, readSafetensors, type SavedTensor } from './safetensors.js';

/** The model is not for these features; the message says in what they differ. */
export class ModelMismatchError extends Error {
  override readonly name = 'ModelMismatchError';
}

/** What the features at hand are, and how the asker reads the scores; whatever is given must be the model's own. */
export type ExpectedFeatures = Partial<Pick<HeadCard, 'backbone' | 'weights' | 'preprocessing' | 'numerics'>> & {
  /** In the order of the outputs. */
  readonly classes?: readonly string[];
};

/** A model that scores feature rows. */
export interface LoadedHead extends AsyncDisposable {
  readonly card: HeadCard;
  /** Its tensors by name, as views of the file. */
  readonly tensors: ReadonlyMap<string, SavedTensor>;
  /**
   * Probabilities [n, classes] of n rows; an image scored alone and among others is the same to 1e-5.
   * Blocks the calling thread for about 30 ms at a time.
   */
  score(rows: Float32Array, n: number): Promise<Float64Array>;
}

/**
 * Opens a model. Throws {@link DamagedFileError} when a byte is not as it was saved, {@link ModelMismatchError} when
 * the card is none or the features are others than the model's.
 */
export async function loadHead(bytes: Uint8Array, card: unknown, expected: ExpectedFeatures = {}): Promise<LoadedHead> {
  const parsed = headCardSchema.safeParse(card);
  if (!parsed.success) throw new ModelMismatchError(`the model's card cannot be read: ${parsed.error.message}`);
  const own = parsed.data;
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  if (sha256 !== own.sha256) {
    throw new DamagedFileError(
      `the model's file has sha256 ${sha256} instead of ${own.sha256}: it was altered; train again`,
    );
  }
  assertFits(own, expected);
  const tensors = readSafetensors(bytes);
  if (own.head === 'logistic') return logisticHead(own, tensors);
  const { length } = own.classes;
  return new NetworkHead(
    own,
    tensors,
    await openSession(headInferenceGraph({ precision: 'float32', hidden: HIDDEN, classes: length }), { arena: false }),
  );
}

function assertFits(card: HeadCard, { classes, ...features }: ExpectedFeatures): void {
  if (classes !== undefined && classes.join('\n') !== card.classes.join('\n')) {
    throw new ModelMismatchError(
      `the model scores ${card.classes.join(', ')} in this order, and ${classes.join(', ')} are asked for: ` +
        'name the task that it was trained for',
    );
  }
  for (const [name, wanted] of Object.entries(features) as [keyof typeof features, string][]) {
    if (card[name] === wanted) continue;
    throw new ModelMismatchError(
      `the model was trained on features with ${name} ${card[name]}, these have ${wanted}; ` +
        'extract the features again the way the model expects them, or train a model on these',
    );
  }
}

function assertRows(card: HeadCard, rows: Float32Array, n: number): void {
  if (rows.length === n * card.featureLength) return;
  throw new ModelMismatchError(`${n} rows of ${card.featureLength} features were expected, got ${rows.length} values`);
}

function logisticHead(card: HeadCard, tensors: ReadonlyMap<string, SavedTensor>): LoadedHead {
  const values = (name: string): Float64Array => {
    const found = tensors.get(name)?.values;
    if (found instanceof Float64Array) return found;
    throw new DamagedFileError(`the model's file has no tensor ${name}`);
  };
  const parameters = {
    mean: values('mean'),
    deviation: values('deviation'),
    weights: values('weights'),
    intercepts: values('intercepts'),
  };
  return {
    card,
    tensors,
    score: async (rows, n) => {
      assertRows(card, rows, n);
      return scoreLogistic(parameters, rows, card.classes.length);
    },
    [Symbol.asyncDispose]: async () => undefined,
  };
}

/** Rows scored at a time. */
const CHUNK = 64;

const PARTS = {
  firstWeights: ['d', HIDDEN],
  firstMean: [HIDDEN],
  firstVariance: [HIDDEN],
  firstGain: [HIDDEN],
  firstShift: [HIDDEN],
  secondWeights: [HIDDEN, HIDDEN],
  secondMean: [HIDDEN],
  secondVariance: [HIDDEN],
  secondGain: [HIDDEN],
  secondShift: [HIDDEN],
  outputWeights: [HIDDEN, 'c'],
  outputBias: ['c'],
} as const;

class NetworkHead implements LoadedHead {
  readonly card: HeadCard;
  readonly tensors: ReadonlyMap<string, SavedTensor>;
  readonly #session: Session;
  readonly #members: readonly Tensors[];

  constructor(card: HeadCard, tensors: ReadonlyMap<string, SavedTensor>, session: Session) {
    this.card = card;
    this.tensors = tensors;
    this.#session = session;
    this.#members = Array.from({ length: membersOf(card.head) }, (_, member) => this.#feeds(member));
  }

  async score(rows: Float32Array, n: number): Promise<Float64Array> {
    assertRows(this.card, rows, n);
    const { featureLength, classes } = this.card;
    const result = new Float64Array(n * classes.length);
    for (let start = 0; start < n; start += CHUNK) {
      const size = Math.min(CHUNK, n - start);
      const chunk = rows.slice(start * featureLength, (start + size) * featureLength);
      for (const member of this.#members) {
        const feeds = { ...member, rows: tensor('float32', [size, featureLength], chunk) };
        const probabilities = floatsOf(await this.#session.run(feeds), 'probabilities');
        probabilities.forEach((value, index) => {
          const place = start * classes.length + index;
          result[place] = (result[place] ?? 0) + value / this.#members.length;
        });
      }
    }
    return result;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#session[Symbol.asyncDispose]();
  }

  #feeds(member: number): Tensors {
    const sizes = { d: this.card.featureLength, c: this.card.classes.length };
    return Object.fromEntries(
      Object.entries(PARTS).map(([part, axes]) => {
        const values = this.tensors.get(`member.${member}.${part}`)?.values;
        if (!(values instanceof Float32Array))
          throw new DamagedFileError(`network ${member} of the model has no ${part}`);
        const dims = axes.map((axis) => (typeof axis === 'number' ? axis : sizes[axis]));
        return [part, floatTensor(dims, values)];
      }),
    );
  }
}
