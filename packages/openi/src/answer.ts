import { z } from 'zod';

/** What the service promises about one record, of which there is one per image. Fields it adds later are kept out of the way. */
const apiRecordSchema = z.object({
  /** `CXR` and the number of the examination; the collection has one examination per patient. */
  uid: z.string().min(1),
  /** Path or address of the image, 512 pixels wide. */
  imgLarge: z.string().min(1),
  image: z
    .object({
      /** `F1` for the first image of an examination, `F2` for the second, … */
      id: z.string().optional(),
      caption: z.string().nullish(),
    })
    .default({}),
  MeSH: z.object({ major: z.array(z.string()).default([]) }).default({ major: [] }),
  /** The report as a little HTML. */
  abstract: z.string().nullish(),
  impression: z.string().nullish(),
  note: z.string().nullish(),
  ccLicense: z.string().nullish(),
  licenseURL: z.string().nullish(),
  /** Only the simulator says this, on each of its records. */
  synthetic: z.boolean().default(false),
});
export type ApiRecord = z.infer<typeof apiRecordSchema>;

const answerSchema = z.object({
  /** Counts records; the live service announces one more than it has. */
  total: z.number().int().min(0),
  list: z.array(z.unknown()).default([]),
});

export interface Page {
  readonly total: number;
  /** In the order of the answer; a string says what is wrong with a record that cannot be used. */
  readonly entries: readonly (ApiRecord | string)[];
}

/** The service answered, but not as the Open-i API does. */
export class UnexpectedAnswerError extends Error {
  override readonly name = 'UnexpectedAnswerError';
}

/**
 * Reads one page of `/api/search`. One unusable record does not spoil the page; an answer that is no page at all throws
 * {@link UnexpectedAnswerError}.
 */
export function parseAnswer(body: string): Page {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch (error) {
    throw new UnexpectedAnswerError(`the answer is not JSON but begins with ${JSON.stringify(body.slice(0, 60))}`, {
      cause: error,
    });
  }
  const answer = answerSchema.safeParse(json);
  if (!answer.success) {
    throw new UnexpectedAnswerError(`the answer is not a page of records\n${z.prettifyError(answer.error)}`);
  }
  return { total: answer.data.total, entries: answer.data.list.map(parseRecord) };
}

function parseRecord(value: unknown): ApiRecord | string {
  const record = apiRecordSchema.safeParse(value);
  return record.success ? record.data : z.prettifyError(record.error);
}
