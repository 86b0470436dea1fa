import { UnfitImageError } from './unfit-image-error.js';

/** Throws `too-many-pixels` or `unreadable` on the declared size, before any memory is given to it. */
export function checkDeclaredSize(size: { width: number; height: number }, maxPixels: number): void {
  const { width, height } = size;
  if (!(Number.isInteger(width) && Number.isInteger(height) && width > 0 && height > 0)) {
    throw new UnfitImageError('unreadable', `the file declares an impossible size of ${width} x ${height} pixels`);
  }
  if (width * height > maxPixels) {
    const limit = `${(maxPixels / 1e6).toLocaleString('en')} million pixels`;
    throw new UnfitImageError(
      'too-many-pixels',
      `the file declares ${width} x ${height} pixels, over the limit of ${limit}; reduce it first`,
    );
  }
}
