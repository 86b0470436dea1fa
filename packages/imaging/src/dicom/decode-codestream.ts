import { Decoder } from 'jpeg-lossless-decoder-js';
import sharp from 'sharp';
import { endsWithJpegMarker } from '../raster-structure.js';
import { UnfitImageError } from '../unfit-image-error.js';
import { type CodestreamHeader, readCodestreamHeader } from './codestream-header.js';
import { type PixelHeader, unsupported } from './pixel-header.js';
import { interleavePlanes, type RawSamples } from './raw-samples.js';
import { decodeWithWasm } from './wasm-codec.js';

/** Decodes a JPEG, JPEG lossless, JPEG-LS or JPEG 2000 frame, whichever it says it is. */
export async function decodeCodestream(frame: Uint8Array, header: PixelHeader): Promise<RawSamples> {
  const stream = readCodestreamHeader(frame);
  if (stream.kind === 'unknown') throw unsupported('its pixel data is compressed in a way that no decoder here knows');
  if (stream.width !== header.width || stream.height !== header.height || stream.components !== header.samples) {
    throw new UnfitImageError(
      'unreadable',
      `the header declares ${header.width} x ${header.height} x ${header.samples}, ` +
        `its pixel data ${stream.width} x ${stream.height} x ${stream.components}; export it again`,
    );
  }
  if (!endsWithJpegMarker(frame)) {
    throw new UnfitImageError('truncated', 'the compressed pixel data has no end; fetch the file again');
  }
  if (stream.kind === 'jpeg') return decodeJpeg(frame, stream, header);
  if (stream.kind === 'jpeg-lossless') return decodeLossless(frame, stream, header);
  return decodeWasm(frame, stream.kind, header);
}

/** Baseline, extended and progressive JPEG of 8 bits. */
async function decodeJpeg(frame: Uint8Array, stream: CodestreamHeader, header: PixelHeader): Promise<RawSamples> {
  if (stream.precision !== 8) throw unsupported(`its pixel data is JPEG of ${stream.precision} bits`);
  const { samples } = header;
  const { data, info } = await sharp(frame, { failOn: 'error', ignoreIcc: true })
    .toColourspace(samples === 1 ? 'b-w' : 'srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  if (info.channels !== samples) throw unsupported(`its JPEG has ${info.channels} channels`);
  return {
    bytes: data,
    bytesPerSample: 1,
    bitsStored: 8,
    signed: false,
    photometric: samples === 1 ? header.photometric : 'RGB',
  };
}

function decodeLossless(frame: Uint8Array, stream: CodestreamHeader, header: PixelHeader): RawSamples {
  const copy = new Uint8Array(frame);
  const decoded = new Decoder().decode(copy.buffer, 0, copy.byteLength);
  if (decoded === null) throw new UnfitImageError('unreadable', 'the lossless JPEG pixel data cannot be decoded');
  return {
    bytes: new Uint8Array(decoded.buffer, decoded.byteOffset, decoded.byteLength),
    bytesPerSample: decoded instanceof Uint16Array ? 2 : 1,
    bitsStored: Math.min(stream.precision, header.bitsStored),
    signed: header.signed,
    photometric: header.photometric,
  };
}

async function decodeWasm(frame: Uint8Array, kind: 'jpeg-ls' | 'jpeg-2000', header: PixelHeader): Promise<RawSamples> {
  const { frame: info, bytes, planar } = await decodeWithWasm(kind, frame);
  const bytesPerSample = info.bitsPerSample > 8 ? 2 : 1;
  if (planar && info.componentCount === 3 && bytesPerSample === 2) throw unsupported('its pixel data is 16-bit colour');
  const signed = info.isSigned ?? header.signed;
  return {
    bytes: planar && info.componentCount === 3 ? interleavePlanes(bytes, info.width * info.height) : bytes,
    bytesPerSample,
    bitsStored: info.bitsPerSample,
    signed,
    // JPEG 2000 undoes its own colour transform.
    photometric: kind === 'jpeg-2000' && header.samples === 3 ? 'RGB' : header.photometric,
  };
}
