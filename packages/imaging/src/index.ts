export { decodeRadiograph } from './decode-radiograph.js';
export { type DecoderPool, type DecoderPoolOptions, openDecoderPool } from './decoder-pool.js';
export { type DicomPixels, decodeDicomPixels } from './dicom/decode-pixels.js';
export { type Deidentified, deidentify } from './dicom/deidentify.js';
export { encodeGrey } from './encode-grey.js';
export { greyStatistics } from './grey-statistics.js';
export { type DecodedGrey, decodeGreyValues } from './grey-values.js';
export { type HeatMap, heatMapPicture } from './heat-map.js';
export { type MediaType, sniffMediaType } from './media-type.js';
export { overlay } from './overlay.js';
export { hammingDistance, mirroredHash, perceptualHash } from './perceptual-hash.js';
export {
  type Prepared,
  type PrepareOptions,
  prepare,
  prepareAsIs,
  prepareImage,
  type Quality,
} from './prepare.js';
export { DEFAULT_MAX_PIXELS, type DecodeOptions, type Radiograph } from './radiograph.js';
export { PREPARED_LENGTH, readPrepared } from './read-prepared.js';
export { PREPARED_SIDE } from './resize-bicubic.js';
export { THUMBNAIL_FORM, thumbnail } from './thumbnail.js';
export { DecoderFaultError, UnfitImageError } from './unfit-image-error.js';
