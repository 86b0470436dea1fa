import { type EventDefinition, envelopeSchema, everyEvent } from '@xvision/contracts';
import { z } from 'zod';
import { type ConsumerDefinition, MAX_DELIVERIES, streamOf, topology } from './topology.js';

/** The part of a JSON schema that our payloads use. */
export interface JsonSchema {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly format?: string;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly minLength?: number;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: JsonSchema | boolean;
  readonly required?: readonly string[];
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
}

/** The JSON schema of what a reader accepts. */
export function payloadSchema(schema: z.ZodType): JsonSchema {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: 'input', target: 'draft-7' });
  return rest as JsonSchema;
}

export function consumersOf(subject: string): readonly ConsumerDefinition[] {
  return topology.flatMap((stream) => stream.consumers).filter((consumer) => consumer.filter === subject);
}

function typeOf(schema: JsonSchema): string {
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``;
  if (schema.enum !== undefined) return schema.enum.map((value) => `\`${JSON.stringify(value)}\``).join(', ');
  if (schema.format !== undefined) return schema.format;
  if (schema.pattern === '^[0-9a-f]{64}$') return 'sha256';
  if (schema.type === 'object' && typeof schema.additionalProperties === 'object') {
    return `object of ${typeOf(schema.additionalProperties)}`;
  }
  const least = schema.minimum !== undefined && schema.minimum >= 0 ? `, at least ${schema.minimum}` : '';
  return `${schema.type ?? 'anything'}${least}${schema.minLength === 1 ? ', not empty' : ''}`;
}

function rows(schema: JsonSchema, prefix = ''): string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const required = schema.required?.includes(name) === true ? '' : 'optional';
    const row = `| \`${prefix}${name}\` | ${typeOf(field)} | ${required} |`;
    return field.properties === undefined ? [row] : [row, ...rows(field, `${prefix}${name}.`)];
  });
}

function fieldsTable(schema: JsonSchema): string {
  const variants = schema.oneOf ?? schema.anyOf;
  if (variants !== undefined) return variants.map(fieldsTable).join('\n\nor\n\n');
  return ['| field of `data` | value | |', '| --- | --- | --- |', ...rows(schema)].join('\n');
}

function eventSection({ subject, summary, payload }: EventDefinition): string {
  const consumers = consumersOf(subject).map((consumer) => `\`${consumer.durable}\``);
  const taken = consumers.length === 0 ? 'no service waits for it' : `taken by ${consumers.join(', ')}`;
  return `### \`${subject}\`\n\n${summary} Stream \`${streamOf(subject)}\`; ${taken}.\n\n${fieldsTable(payloadSchema(payload))}`;
}

function streamRow({ name, description, subjects, consumers }: (typeof topology)[number]): string {
  const waiting = consumers.map(
    ({ durable, filter }) => `\`${durable}\`${filter === undefined ? '' : ` (\`${filter}\`)`}`,
  );
  return `| \`${name}\` | ${description} | ${subjects.map((subject) => `\`${subject}\``).join('<br>')} | ${waiting.join('<br>')} |`;
}

/** docs/events.md, from the schemas and the topology themselves; a test compares the two. */
export function eventsMarkdown(): string {
  const envelope = payloadSchema(envelopeSchema);
  return `# Events

Services tell each other facts as events over NATS JetStream. This page is generated from the zod schemas in
\`packages/contracts\` and the topology in \`packages/message-bus\`; a test compares it with them. After a change of either,
write it anew with \`npx vitest run packages/message-bus -u\`. \`events.asyncapi.yaml\` beside it says the same for programs.

A subject is \`xv.<entity>.<fact>.v<N>\`, in the past tense, without ids. Keys travel, pixels do not. A field is only ever
added, as an optional one; any other change is a new version on a new subject.

## Envelope

The attributes of CloudEvents 1.0 as JSON. \`id\` is also the JetStream message id, so that an event published twice is stored once.

${['| field | value | |', '| --- | --- | --- |', ...rows(envelope)].join('\n')}

## Streams

Kept in files for 30 days; a full stream refuses new events (the outbox keeps them) and forgets none, except
\`XV_ADVISORIES\`, which forgets the oldest. A consumer's event is delivered until it is settled, ${MAX_DELIVERIES} times at most.

| stream | what it holds | subjects | consumers |
| --- | --- | --- | --- |
${topology.map(streamRow).join('\n')}

The key-value bucket \`xv_progress\` holds how far long jobs are, at most one value a second for each.

## Events in the order of the flow

${everyEvent.map(eventSection).join('\n\n')}

## How an event is settled

| the handler | the event |
| --- | --- |
| returns | is done |
| throws \`PoisonMessageError\`, or the event breaks its contract | is dead at once: row in \`dead_letter\`, \`xv.dead.recorded.v1\` |
| throws anything else | comes again after 5 s, 30 s, 2 min, then every 10 min (a fifth more or less); dead after ${MAX_DELIVERIES} deliveries |
| works longer than the time to acknowledge | stays claimed as long as its process answers |
| kills its process each time | is dead after ${MAX_DELIVERIES} deliveries, recorded by the relay from the broker's advisory |
`;
}
