import { BlobCorruptError, BlobMissingError, type BlobStore } from '@xvision/blob-store';
import type { CollectedImage } from '@xvision/catalogue';
import type { ManifestRecord } from '@xvision/contracts';
import { deidentify, sniffMediaType, UnfitImageError } from '@xvision/imaging';
import { hashPatient } from '../salt.js';
import { type FoundImage, type FoundUnfit, type Source, UnavailableRecordError } from './source.js';

export interface UploadSourceNeeds {
  readonly blobs: Pick<BlobStore, 'get'>;
  readonly quarantine: Pick<BlobStore, 'get'>;
  /** The installation's secret for the hashes of patient ids. */
  readonly salt: string;
}

export interface Manifest {
  readonly records: readonly ManifestRecord[];
  /** The files are 224 x 224 already. */
  readonly asPrepared: boolean;
}

/** Files that a person uploaded, PNG, JPEG or DICOM by their content, described by the rows of a table. */
export function uploadSource(needs: UploadSourceNeeds, { records, asPrepared }: Manifest): Source {
  return {
    announced: () => records.length,
    async *records() {
      for (const record of records) {
        yield {
          externalId: record.file,
          fetch: async () => {
            const bytes = await readUpload(needs, record);
            return check(bytes, record, { salt: needs.salt, asPrepared });
          },
        };
      }
    },
  };
}

/** From quarantine, or from the store when an earlier collection brought the same file. */
async function readUpload({ quarantine, blobs }: UploadSourceNeeds, record: ManifestRecord): Promise<Uint8Array> {
  for (const store of [quarantine, blobs]) {
    try {
      return await store.get(record.sha256);
    } catch (error) {
      if (error instanceof BlobMissingError) continue;
      if (!(error instanceof BlobCorruptError)) throw error;
      throw new UnavailableRecordError(record.file, 'the uploaded file was damaged on disk; collect it again', {
        cause: error,
      });
    }
  }
  throw new UnavailableRecordError(record.file, 'the file was not uploaded, or is gone; collect it again');
}

function check(
  bytes: Uint8Array,
  record: ManifestRecord,
  options: { salt: string; asPrepared: boolean },
): FoundImage | FoundUnfit {
  const described = describe(record);
  try {
    const mediaType = sniffMediaType(bytes);
    if (mediaType !== 'application/dicom') {
      return { kind: 'image', image: { ...described, mediaType, asPrepared: options.asPrepared }, bytes };
    }
    const clean = deidentify(bytes, { salt: options.salt });
    const image = {
      ...described,
      mediaType,
      asPrepared: options.asPrepared,
      patient: record.patient === undefined ? clean.patient : hashPatient(record.patient, options.salt),
      view: record.view ?? clean.view,
      attributes: { ...clean.attributes, ...record.attributes },
    };
    return { kind: 'image', image, bytes: clean.bytes };
  } catch (error) {
    if (!(error instanceof UnfitImageError)) throw error;
    const { reason, message } = error;
    const unfit = { ...described, originalSha256: record.sha256, byteLength: bytes.byteLength, reason, message };
    return { kind: 'unfit', image: unfit };
  }
}

/** What the table says; a file that names no patient is its own patient. */
function describe(record: ManifestRecord): Omit<CollectedImage, 'originalSha256' | 'byteLength' | 'mediaType'> {
  const { file, patient, view, licence, labels, attributes } = record;
  return {
    externalId: file,
    patient: patient ?? file.replace(/\.[^./]+$/, ''),
    labels,
    attributes,
    ...(view === undefined ? {} : { view }),
    ...(licence === undefined ? {} : { licence }),
  };
}
