import { acquireWeights, untrainedWeights, type Vgg16Weights } from '@xvision/backbone';
import type { BlobStore } from '@xvision/blob-store';
import {
  type ExplainedImage,
  type Mapper,
  npyOf,
  openExplainer,
  type RawMap,
  shownMap,
  targetOf,
  UnexplainableError,
} from '@xvision/explanation';
import { decodeRadiograph, heatMapPicture, overlay, readPrepared } from '@xvision/imaging';
import { type LoadedHead, loadHead } from '@xvision/learning';
import type { MapNeeds, MapQuestion } from './map-question.js';

/** Maps that are kept, so that another size or opacity costs no second pass; each has 200 kB at most. */
const KEPT_MAPS = 64;

/** Answers questions about one model and method after another; what it opened last stays open. */
export class MapMaker {
  readonly #needs: MapNeeds;
  readonly #blobs: Pick<BlobStore, 'get'>;
  readonly #maps = new Map<string, RawMap>();
  #weights: Promise<Vgg16Weights> | undefined;
  #head: { readonly key: string; readonly head: LoadedHead } | undefined;
  #mapper: { readonly key: string; readonly mapper: Mapper } | undefined;

  constructor(needs: MapNeeds, blobs: Pick<BlobStore, 'get'>) {
    this.#needs = needs;
    this.#blobs = blobs;
  }

  /** A PNG, or the bytes of a `.npy` file. */
  async answer(question: MapQuestion): Promise<Uint8Array> {
    const raw = await this.#rawMap(question);
    if (question.form === 'npy') return npyOf(raw);
    const { image, size, opacity, crossed } = question;
    const shown = { side: raw.side, values: shownMap(raw.values) };
    const below = await decodeRadiograph(
      await this.#blobs.get(size === '224' ? image.preparedSha256 : image.originalSha256),
    );
    return question.form === 'overlay'
      ? await overlay(below, shown, { opacity, crossed })
      : await heatMapPicture(shown, { width: below.width, height: below.height, crossed });
  }

  async #rawMap(question: MapQuestion): Promise<RawMap> {
    const { model, image, method, className } = question;
    const key = [model.sha256, image.featureSha256, image.preparedSha256, method, className].join();
    const kept = this.#maps.get(key);
    if (kept !== undefined) return kept;
    const mapper = await this.#openMapper(question);
    const raw = await mapper.map(await this.#stored(image));
    this.#maps.set(key, raw);
    const oldest = this.#maps.keys().next();
    if (this.#maps.size > KEPT_MAPS && oldest.done !== true) this.#maps.delete(oldest.value);
    return raw;
  }

  async #stored({ featureSha256, preparedSha256 }: MapQuestion['image']): Promise<ExplainedImage> {
    // A copy of its own, so that the floats are aligned.
    const row = new Float32Array((await this.#blobs.get(featureSha256)).slice().buffer);
    return { row, rgb: await readPrepared(await this.#blobs.get(preparedSha256)) };
  }

  async #openMapper({ model, method, className }: MapQuestion): Promise<Mapper> {
    const key = [model.sha256, method, className].join();
    if (this.#mapper?.key === key) return this.#mapper.mapper;
    await this.#mapper?.mapper[Symbol.asyncDispose]();
    this.#mapper = undefined;
    const head = await this.#openHead(model);
    const mapper = await openExplainer(head, {
      method,
      target: targetOf(model.card, className).factors,
      weights: () => this.#acquire(model.card.trainedBackbone),
      threads: this.#needs.threads,
    });
    this.#mapper = { key, mapper };
    return mapper;
  }

  async #openHead({ sha256, card }: MapQuestion['model']): Promise<LoadedHead> {
    if (this.#head?.key === sha256) return this.#head.head;
    await this.#head?.head[Symbol.asyncDispose]();
    this.#head = undefined; // the old one goes before the new one comes: an ensemble has 260 MB
    const head = await loadHead(await this.#blobs.get(sha256), card);
    this.#head = { key: sha256, head };
    return head;
  }

  #acquire(trained: boolean): Promise<Vgg16Weights> {
    if (!trained) return Promise.resolve(untrainedWeights());
    const { cacheDir, weightsFile: file, offline } = this.#needs;
    if (cacheDir === undefined && file === undefined) {
      throw new UnexplainableError(
        'this method needs the weights of the backbone, and the dashboard has none: set XVISION_CACHE or XVISION_WEIGHTS for it',
      );
    }
    this.#weights ??= acquireWeights({ file, cacheDir: cacheDir ?? '', offline }).catch((error: unknown) => {
      this.#weights = undefined;
      throw error;
    });
    return this.#weights;
  }
}
