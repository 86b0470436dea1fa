import { z } from 'zod';

/**
 * CloudEvents 1.0 attributes around a payload.
 * `id` is a UUIDv7 and doubles as the JetStream message id, so a fact published twice is stored once.
 */
export const envelopeSchema = z.object({
  specversion: z.literal('1.0'),
  id: z.uuid(),
  source: z.string().min(1),
  type: z.string().min(1),
  time: z.iso.datetime(),
  subject: z.string().min(1).optional(),
  dataschema: z.string().min(1),
  datacontenttype: z.literal('application/json'),
  /** W3C trace context, kept in the outbox so that a replayed event stays in its trace. */
  traceparent: z.string().optional(),
  data: z.unknown(),
});

export type Envelope<Payload = unknown> = Omit<z.infer<typeof envelopeSchema>, 'data'> & { data: Payload };

export interface EventDefinition<Schema extends z.ZodType = z.ZodType> {
  /** NATS subject, `xv.<entity>.<fact>.v<N>`; also the CloudEvents `type`. */
  readonly subject: string;
  readonly version: number;
  /** One sentence: when this fact is published. */
  readonly summary: string;
  readonly payload: Schema;
}

export type PayloadOf<Definition extends EventDefinition> = z.infer<Definition['payload']>;

/** Declares an event; a change that is not a new optional field needs a new version, hence a new subject. */
export function defineEvent<Schema extends z.ZodType>(definition: {
  entity: string;
  fact: string;
  version: number;
  summary: string;
  payload: Schema;
}): EventDefinition<Schema> {
  const { entity, fact, version, summary, payload } = definition;
  return Object.freeze({ subject: `xv.${entity}.${fact}.v${version}`, version, summary, payload });
}

/** Raised when a message is not what its subject promises; such a message never gets better by waiting. */
export class MalformedEventError extends Error {
  override readonly name = 'MalformedEventError';
}

/** Parses an envelope and its payload; throws {@link MalformedEventError} naming every fault. */
export function parseEvent<Schema extends z.ZodType>(
  definition: EventDefinition<Schema>,
  message: unknown,
): Envelope<z.infer<Schema>> {
  const envelope = envelopeSchema.safeParse(message);
  if (!envelope.success) {
    throw new MalformedEventError(
      `a message on ${definition.subject} is not a CloudEvent\n${z.prettifyError(envelope.error)}`,
    );
  }
  if (envelope.data.type !== definition.subject) {
    throw new MalformedEventError(
      `event ${envelope.data.id} is of type ${envelope.data.type}, not ${definition.subject}`,
    );
  }
  const data = definition.payload.safeParse(envelope.data.data);
  if (!data.success) {
    throw new MalformedEventError(`event ${envelope.data.id} on ${definition.subject}\n${z.prettifyError(data.error)}`);
  }
  return { ...envelope.data, data: data.data };
}

export interface EventOrigin {
  readonly id: string;
  /** The service that states the fact, for example `xvision/preprocessor`. */
  readonly source: string;
  readonly time: Date;
  /** The image, run or model that the fact is about. */
  readonly subject?: string;
  readonly traceparent?: string;
}

/** Builds and validates an envelope; throws {@link MalformedEventError} when the payload breaks its own contract. */
export function makeEvent<Schema extends z.ZodType>(
  definition: EventDefinition<Schema>,
  data: z.infer<Schema>,
  origin: EventOrigin,
): Envelope<z.infer<Schema>> {
  return parseEvent(definition, {
    specversion: '1.0',
    id: origin.id,
    source: origin.source,
    type: definition.subject,
    time: origin.time.toISOString(),
    dataschema: `xvision:${definition.subject}`,
    datacontenttype: 'application/json',
    ...(origin.subject === undefined ? {} : { subject: origin.subject }),
    ...(origin.traceparent === undefined ? {} : { traceparent: origin.traceparent }),
    data,
  });
}
