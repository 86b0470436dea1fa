import { type EventDefinition, envelopeSchema, everyEvent } from '@xvision/contracts';
import { consumersOf, payloadSchema } from './events-document.js';
import { streamOf } from './topology.js';

/** Names in AsyncAPI allow no dots in a reference: `xv.image.collected.v1` → `imageCollectedV1`. */
function nameOf(subject: string): string {
  return subject.replace(/^xv\./, '').replace(/\.(\w)/g, (_, letter: string) => letter.toUpperCase());
}

function messageOf({ subject, summary, payload }: EventDefinition) {
  const envelope = payloadSchema(envelopeSchema);
  return {
    name: subject,
    title: nameOf(subject),
    summary,
    contentType: 'application/cloudevents+json',
    headers: {
      type: 'object',
      required: ['Nats-Msg-Id'],
      properties: {
        'Nats-Msg-Id': { type: 'string', description: 'The id of the event; the broker stores it once' },
        traceparent: { type: 'string', description: 'W3C trace context' },
      },
    },
    payload: {
      ...envelope,
      properties: { ...envelope.properties, type: { const: subject }, data: payloadSchema(payload) },
    },
  };
}

/** docs/events.asyncapi.yaml as an object: AsyncAPI 3.0, from the schemas and the topology themselves. */
export function asyncApiDocument() {
  const channels = everyEvent.map((event) => [
    nameOf(event.subject),
    {
      address: event.subject,
      description: `Stored by the JetStream stream ${streamOf(event.subject)}`,
      messages: { [nameOf(event.subject)]: { $ref: `#/components/messages/${nameOf(event.subject)}` } },
    },
  ]);
  const operations = everyEvent.flatMap((event) =>
    consumersOf(event.subject).map(({ durable }) => [
      `${durable}Receives${nameOf(event.subject).replace(/^\w/, (letter) => letter.toUpperCase())}`,
      {
        action: 'receive',
        channel: { $ref: `#/channels/${nameOf(event.subject)}` },
        summary: `Consumer ${durable} of ${streamOf(event.subject)}`,
      },
    ]),
  );
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Xvision events',
      version: '1.0.0',
      description: 'Facts that the services of Xvision tell each other over NATS JetStream. Research use only.',
      license: { name: 'MIT' },
    },
    defaultContentType: 'application/cloudevents+json',
    channels: Object.fromEntries(channels) as Record<string, object>,
    operations: Object.fromEntries(operations) as Record<string, object>,
    components: {
      messages: Object.fromEntries(everyEvent.map((event) => [nameOf(event.subject), messageOf(event)])) as Record<
        string,
        object
      >,
    },
  };
}
