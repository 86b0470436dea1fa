import { z } from 'zod';
import { defineEvent, type PayloadOf } from '../event.js';

export const rejectionReasonSchema = z.enum([
  'empty-file',
  'unsupported-format',
  'unreadable',
  'truncated',
  'too-many-pixels',
  'too-small',
  'blank',
  'not-224',
  'unsupported-dicom',
]);
export type RejectionReason = z.infer<typeof rejectionReasonSchema>;

/** Published once per image that cannot be used; the original stays in the store. */
export const imageRejected = defineEvent({
  entity: 'image',
  fact: 'rejected',
  version: 1,
  summary: 'An image cannot be used, and why.',
  payload: z.object({
    imageId: z.uuid(),
    originalSha256: z.string(),
    reason: rejectionReasonSchema,
    /** What a person should read: what is wrong with the file and what to do. */
    message: z.string().min(1),
  }),
});
export type ImageRejected = PayloadOf<typeof imageRejected>;
