import type { DataSet } from 'dicom-parser';
import { checkDeclaredSize } from '../pixel-limit.js';
import { UnfitImageError } from '../unfit-image-error.js';

/** The image pixel module (PS3.3 C.7.6.3), as declared; the pixel data may contradict it. */
export interface PixelHeader {
  readonly width: number;
  readonly height: number;
  readonly samples: 1 | 3;
  readonly photometric: string;
  readonly bitsAllocated: number;
  readonly bitsStored: number;
  readonly highBit: number;
  readonly signed: boolean;
  /** Colour stored plane after plane. */
  readonly planar: boolean;
  /** Overlay planes live in the unused high bits, as the standard once allowed: those bits must be cut off. */
  readonly embeddedOverlay: boolean;
}

const SUPPORTED_PHOTOMETRICS = new Set([
  'MONOCHROME1',
  'MONOCHROME2',
  'RGB',
  'YBR_FULL',
  'YBR_FULL_422',
  'YBR_PARTIAL_420',
  'YBR_ICT',
  'YBR_RCT',
]);

/** Reads the header and refuses what is not one still image: `unsupported-dicom`, `too-many-pixels`, `unreadable`. */
export function readPixelHeader(dataSet: DataSet, maxPixels: number): PixelHeader {
  if (dataSet.elements['x7fe00010'] === undefined) {
    throw unsupported('it holds no pixel data (a report, a presentation state or a cut-off header)');
  }
  const frames = dataSet.intString('x00280008') ?? 1;
  if (frames > 1) throw unsupported(`it holds ${frames} frames; export the one frame to be read as its own file`);

  const width = dataSet.uint16('x00280011') ?? 0;
  const height = dataSet.uint16('x00280010') ?? 0;
  checkDeclaredSize({ width, height }, maxPixels);

  const bitsAllocated = dataSet.uint16('x00280100') ?? 16;
  if (bitsAllocated !== 8 && bitsAllocated !== 16) throw unsupported(`it has ${bitsAllocated} bits a sample`);
  const samples = dataSet.uint16('x00280002') ?? 1;
  if (samples !== 1 && samples !== 3) throw unsupported(`it has ${samples} samples a pixel`);
  const photometric = (dataSet.string('x00280004') ?? (samples === 1 ? 'MONOCHROME2' : 'RGB')).trim().toUpperCase();
  if (!SUPPORTED_PHOTOMETRICS.has(photometric)) throw unsupported(`its colours are ${photometric || 'undeclared'}`);

  const bitsStored = within(dataSet.uint16('x00280101'), bitsAllocated, bitsAllocated);
  return {
    width,
    height,
    samples,
    photometric,
    bitsAllocated,
    bitsStored,
    highBit: within(dataSet.uint16('x00280102'), bitsAllocated - 1, bitsStored - 1),
    signed: dataSet.uint16('x00280103') === 1,
    planar: dataSet.uint16('x00280006') === 1,
    embeddedOverlay: hasEmbeddedOverlay(dataSet),
  };
}

export function unsupported(what: string): UnfitImageError {
  return new UnfitImageError('unsupported-dicom', `this DICOM file is not supported: ${what}`);
}

/** A value outside 1 … `most` is a lie; the fallback is taken instead. */
function within(value: number | undefined, most: number, fallback: number): number {
  return value !== undefined && value >= 1 && value <= most ? value : fallback;
}

function hasEmbeddedOverlay(dataSet: DataSet): boolean {
  for (let group = 0x6000; group <= 0x601e; group += 2) {
    const prefix = `x${group.toString(16)}`;
    if (dataSet.elements[`${prefix}0102`] === undefined || dataSet.elements[`${prefix}3000`] !== undefined) continue;
    if ((dataSet.uint16(`${prefix}0102`) ?? 0) > 0) return true;
  }
  return false;
}
