import type { TrainingForm } from '@xvision/contracts';
import { HIDDEN } from '../heads/dual-state.js';

export interface FormNeeds {
  /** Images that are trained on and tested, and values of a feature row. */
  readonly images: number;
  readonly width: number;
  readonly epochs: number;
  /** Networks that share the products: those of the folds, and the delivered ones. */
  readonly networks: number;
  /** Threads that train side by side; each holds a copy of the products of its training set. */
  readonly threads: number;
  /** What the products may take. */
  readonly memoryBytes: number;
  /** Where somebody asks for one. */
  readonly asked?: TrainingForm | undefined;
}

export interface ChosenForm {
  readonly form: TrainingForm;
  /** A sentence for people, for example `dual form, N = 180 < D = 25,088`. */
  readonly reason: string;
}

const FLOAT = Float32Array.BYTES_PER_ELEMENT;

/**
 * The form in which a network is trained: the cheaper one, unless the dual form's products would not fit into memory.
 * Both are the same algorithm (docs/decisions/0051) and differ in their last bits only.
 */
export function chooseForm(needs: FormNeeds): ChosenForm {
  const { images, width, threads, memoryBytes, asked } = needs;
  if (asked !== undefined) return { form: asked, reason: `${asked} form, as asked for` };
  const products = FLOAT * images ** 2 * (1 + threads);
  if (products > memoryBytes) {
    return {
      form: 'ordinary',
      reason:
        `ordinary form: the products of N = ${count(images)} images with each other take ${gigabytes(products)}, ` +
        `more than the ${gigabytes(memoryBytes)} there are for them`,
    };
  }
  const times = ordinaryCost(needs) / dualCost(needs);
  if (times < 1) {
    const reason = `ordinary form: at N = ${count(images)} images it costs ${times.toFixed(2)} of the dual one`;
    return { form: 'ordinary', reason };
  }
  if (images < width) return { form: 'dual', reason: `dual form, N = ${count(images)} < D = ${count(width)}` };
  const reason = `dual form: at N = ${count(images)} images the ordinary one costs ${times.toFixed(1)} times as much`;
  return { form: 'dual', reason };
}

/** Multiplications of a network's first layer: forward, and backward into its weights and their update. */
function ordinaryCost({ images, width, epochs }: FormNeeds): number {
  return epochs * 3 * images * width * HIDDEN;
}

/** A network's share of the kernel's half, its projection, its final first layer, and K_b A for every batch. */
function dualCost({ images, width, epochs, networks }: FormNeeds): number {
  const once = (images ** 2 * width) / 2 / networks + 2 * images * width * HIDDEN;
  return once + epochs * images ** 2 * HIDDEN;
}

function count(value: number): string {
  return value.toLocaleString('en-US');
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}
