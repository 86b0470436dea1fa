import type { DumpRecord, View } from '@xvision/contracts';
import type { ApiRecord } from './answer.js';
import { licenceOf } from './licence.js';
import { guessView } from './view.js';

/** Licence of the whole Indiana University collection, which the seed's file does not repeat. */
const COLLECTION_LICENCE = 'CC-BY-NC-ND-4.0';

/** One image of the Open-i chest collection, in the words of this project. */
export interface OpenIRecord {
  /** The record's identity inside its source. */
  readonly externalId: string;
  readonly imageUrl: string;
  /** `CXR10`: the collection's own pseudonym. Its examinations and patients are one to one. */
  readonly patient: string;
  readonly view: View;
  /** MeSH major terms in the source's spelling and order. */
  readonly mesh: readonly string[];
  readonly report: string | undefined;
  readonly licence: string | undefined;
  readonly synthetic: boolean;
  readonly attributes: Readonly<Record<string, string>>;
}

/** Turns an API record into ours, or says why it cannot be. `baseUrl` completes the relative image path. */
export function recordFromApi(record: ApiRecord, baseUrl: string): OpenIRecord | string {
  const imageUrl = resolveUrl(record.imgLarge, baseUrl);
  if (imageUrl === undefined) return `record ${record.uid} has no usable image address: ${record.imgLarge}`;
  const name = nameOf(imageUrl);
  return {
    externalId: name,
    imageUrl,
    patient: patientOf(name) ?? record.uid,
    view: guessView({ place: record.image.id, name }),
    mesh: record.MeSH.major,
    report: textOf(record.abstract ?? record.impression ?? ''),
    licence: licenceOf(record),
    synthetic: record.synthetic,
    attributes: attributesOf({
      uid: record.uid,
      place: record.image.id,
      caption: record.image.caption,
      note: record.note,
    }),
  };
}

/**
 * Reads the seed's `labels.json`, which has no place in the examination: it is the order of the images of one patient in the file.
 * Records without a CXR number in their address become their own patient.
 */
export function recordsFromDump(records: readonly DumpRecord[]): OpenIRecord[] {
  const seen = new Map<string, number>();
  return records.map((record) => {
    const name = nameOf(record.img);
    const patient = patientOf(name) ?? name;
    const place = (seen.get(patient) ?? 0) + 1;
    seen.set(patient, place);
    return {
      externalId: record.id,
      imageUrl: record.img,
      patient,
      view: guessView({ place: `F${place}`, name }),
      mesh: record.items,
      report: undefined,
      licence: COLLECTION_LICENCE,
      synthetic: false,
      attributes: { name },
    };
  });
}

/** `…/CXR3638_IM-1800-1001.png` → `CXR3638`. */
function patientOf(name: string): string | undefined {
  return /^CXR\d+/.exec(name)?.[0];
}

function nameOf(imageUrl: string): string {
  const last = new URL(imageUrl).pathname.split('/').at(-1) ?? '';
  return decodeURIComponent(last).replace(/\.[a-z]+$/i, '');
}

function resolveUrl(address: string, baseUrl: string): string | undefined {
  const path = address.replace(/^\/+/, '/'); // two slashes would name a host
  return URL.canParse(path, baseUrl) ? new URL(path, baseUrl).href : undefined;
}

function attributesOf(values: Record<string, string | null | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) =>
      value === undefined || value === null || value.trim() === '' ? [] : [[name, value.trim()]],
    ),
  );
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'", nbsp: ' ' };

/** The report's paragraphs as lines of plain text. */
function textOf(html: string): string | undefined {
  const text = html
    .replace(/<\/p>|<br\s*\/?>/gi, '\n')
    .replace(/<[^>]*>/g, '')
    .replace(/&(amp|lt|gt|quot|#39|nbsp);/g, (_, name: string) => ENTITIES[name] ?? '')
    .trim();
  return text === '' ? undefined : text;
}
