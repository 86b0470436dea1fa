import { describe, expect, test } from 'vitest';
import { sniffMediaType } from './media-type.js';
import { aDicomFile } from './testing/a-dicom-file.js';
import { phantom } from './testing/phantom.js';

const { pixels } = phantom(8, 8);

describe('sniffMediaType', () => {
  test.each([
    ['image/png', Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')],
    ['image/jpeg', Buffer.from([0xff, 0xd8, 0xff, 0xe0])],
    ['application/dicom', aDicomFile({ width: 8, height: 8, pixels })],
    ['application/dicom', aDicomFile({ width: 8, height: 8, pixels, meta: false })],
    ['application/dicom', aDicomFile({ width: 8, height: 8, pixels, meta: false, syntax: '1.2.840.10008.1.2' })],
  ])('knows %s by its content', (type, bytes) => {
    expect(sniffMediaType(bytes)).toBe(type);
  });

  test.each([
    ['a GIF', 'GIF89a......'],
    ['a BMP', 'BM..........'],
    ['a TIFF', 'II*\0........'],
    ['a WebP', 'RIFF....WEBPVP8 '],
    ['a PDF', '%PDF-1.7'],
    ['a ZIP archive', 'PK\x03\x04....'],
    ['an HTML page (often an error page)', '\n<!DOCTYPE html><html><body>404</body></html>'],
    ['a JSON document', '{"error": "not found"}'],
    ['plain text', 'file,label\na.png,nodule\n'],
    ['of an unknown kind', '\0\x01\x02\x03\x04\x05\x06\x07'],
  ])('names %s in its rejection', (what, text) => {
    expect(() => sniffMediaType(Buffer.from(text, 'latin1'))).toThrow(
      expect.objectContaining({
        name: 'UnfitImageError',
        reason: 'unsupported-format',
        message: `the file is ${what}, not a PNG, JPEG or DICOM image; convert it first`,
      }),
    );
  });

  test('an empty file says so', () => {
    expect(() => sniffMediaType(new Uint8Array(0))).toThrow(expect.objectContaining({ reason: 'empty-file' }));
  });
});
