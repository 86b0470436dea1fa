import type { DumpRecord } from '@xvision/contracts';
import {
  ForbiddenAddressError,
  type OpenIClient,
  type OpenIRecord,
  RefusedError,
  recordsFromDump,
} from '@xvision/openi';
import { type FoundImage, type Source, type SourceRecord, UnavailableRecordError } from './source.js';

type Images = Pick<OpenIClient, 'fetchImage'>;

/** The Open-i chest collection, or what a query finds in it. */
export function openISource(
  client: Images & Pick<OpenIClient, 'records'>,
  request: { readonly query?: string | undefined; readonly limit?: number | undefined },
): Source {
  const { query, limit } = request;
  let announced: number | undefined;
  return {
    announced: () => announced,
    async *records(signal) {
      const wanted = { ...(query === undefined ? {} : { query }), ...(limit === undefined ? {} : { limit }) };
      for await (const entry of client.records({ ...wanted, signal })) {
        announced = Math.min(entry.total, limit ?? entry.total);
        yield 'record' in entry
          ? recordOf(client, entry.record)
          : new UnavailableRecordError(`position ${entry.position}`, entry.problem);
      }
    },
  };
}

/** The seed project's list of records; only the images are asked of the service. */
export function dumpSource(
  client: Images,
  request: { readonly records: readonly DumpRecord[]; readonly limit?: number | undefined },
): Source {
  const records = recordsFromDump(request.records).slice(0, request.limit);
  return {
    announced: () => records.length,
    async *records() {
      for (const record of records) yield recordOf(client, record);
    },
  };
}

function recordOf(client: Images, record: OpenIRecord): SourceRecord {
  const { externalId, imageUrl, patient, view, mesh, report, licence, attributes } = record;
  return {
    externalId,
    async fetch(signal): Promise<FoundImage> {
      const { bytes, mediaType, synthetic } = await client.fetchImage(imageUrl, signal).catch((error: unknown) => {
        if (!(error instanceof RefusedError || error instanceof ForbiddenAddressError)) throw error;
        throw new UnavailableRecordError(externalId, error.message, { cause: error });
      });
      const image = {
        externalId,
        mediaType,
        synthetic: synthetic || record.synthetic,
        patient,
        view,
        sourceUrl: imageUrl,
        labels: { mesh: [...mesh] },
        attributes,
        ...(licence === undefined ? {} : { licence }),
        ...(report === undefined ? {} : { report }),
      };
      return { kind: 'image', image, bytes };
    },
  };
}
