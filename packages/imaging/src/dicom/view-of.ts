import type { View } from '@xvision/contracts';
import type { DataSet } from 'dicom-parser';

const FRONTAL = /\b(PA|AP|FRONTAL)\b/;
const LATERAL = /\b(LL|RL|LLD|RLD|LAT|LATERAL)\b/;

/**
 * The projection, from the first of these that names one: view position, patient position (where some converters put it),
 * series description. Only what is written: an image is never judged by its pixels.
 */
export function viewOf(dataSet: DataSet): View {
  for (const tag of ['x00185101', 'x00185100', 'x0008103e']) {
    const text = dataSet.string(tag)?.toUpperCase() ?? '';
    if (LATERAL.test(text)) return 'lateral';
    if (FRONTAL.test(text)) return 'frontal';
  }
  return 'unknown';
}
