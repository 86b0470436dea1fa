import { decodeRaster } from './decode-raster.js';
import { decodeDicom } from './dicom/decode-dicom.js';
import { sniffMediaType } from './media-type.js';
import { DEFAULT_MAX_PIXELS, type DecodeOptions, type Radiograph } from './radiograph.js';

/**
 * Decodes a PNG, JPEG or DICOM file by its content. Whatever the bytes are, it throws only {@link UnfitImageError};
 * {@link DecoderFaultError} where a codec cannot be loaded.
 * The declared size is checked before any pixel is decoded.
 */
export async function decodeRadiograph(bytes: Uint8Array, options: DecodeOptions = {}): Promise<Radiograph> {
  const { maxPixels = DEFAULT_MAX_PIXELS } = options;
  const mediaType = sniffMediaType(bytes);
  if (mediaType === 'application/dicom') return decodeDicom(bytes, maxPixels);
  return decodeRaster(bytes, mediaType, maxPixels);
}
