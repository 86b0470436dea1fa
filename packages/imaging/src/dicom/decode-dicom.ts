import { greyIfColourless } from '../decode-raster.js';
import type { Radiograph } from '../radiograph.js';
import { unfitOnFailure } from '../unfit-image-error.js';
import { decodePixelsOf } from './decode-pixels.js';
import { displayed } from './display.js';
import { parseDicomFile } from './parse-dicom.js';
import { readPixelHeader } from './pixel-header.js';
import { viewOf } from './view-of.js';

/** Decodes a DICOM file as a viewer would first show it. Throws only {@link UnfitImageError}. */
export function decodeDicom(bytes: Uint8Array, maxPixels: number): Promise<Radiograph> {
  return unfitOnFailure('unreadable', 'the DICOM file cannot be decoded', async () => {
    const file = parseDicomFile(bytes);
    const header = readPixelHeader(file.dataSet, maxPixels);
    const image = await decodePixelsOf(file, header);
    const shown = displayed(image, file.dataSet);
    const pixels = image.samples === 3 ? greyIfColourless(shown) : shown;
    return {
      mediaType: 'application/dicom',
      width: image.width,
      height: image.height,
      channels: pixels.length === image.width * image.height ? 1 : 3,
      pixels,
      bitsStored: image.bitsStored,
      photometric: image.photometric,
      view: viewOf(file.dataSet),
    };
  });
}
