import { type Consumer, DeliverPolicy, type JetStreamClient, type JsMsg, type StoredMsg } from '@nats-io/jetstream';
import { type Envelope, everyEvent, parseEvent } from '@xvision/contracts';
import { said } from './bus-log.js';
import { topology } from './topology.js';

/** A message as a stream keeps it. */
export interface StoredEvent {
  readonly stream: string;
  readonly sequence: number;
  readonly storedAt: Date;
  readonly subject: string;
  readonly body: string;
  /** Undefined when the message is no event of ours, or breaks its contract. */
  readonly event?: Envelope;
  /** Why there is no event. */
  readonly fault?: string;
}

/** Where to start: everything that is kept, only what comes from now on, a sequence or a time. */
export type StartAt = 'all' | 'new' | { readonly sequence: number } | { readonly time: Date };

export interface ReadOptions {
  readonly from?: StartAt;
  /** The last sequence to read; what was last when the reading began, when left out. */
  readonly toSequence?: number;
  /** Only messages on this subject. */
  readonly subject?: string;
}

export interface FollowOptions {
  readonly from?: StartAt;
  /** Ends the following. */
  readonly signal?: AbortSignal;
  /** Only these streams; all that hold events when left out. */
  readonly streams?: readonly string[];
}

const definitions = new Map(everyEvent.map((definition) => [definition.subject, definition]));

function parsed(subject: string, body: string): Pick<StoredEvent, 'event' | 'fault'> {
  const definition = definitions.get(subject);
  if (definition === undefined) return { fault: `${subject} is not a known event` };
  try {
    return { event: parseEvent(definition, JSON.parse(body)) };
  } catch (error) {
    return { fault: said(error) };
  }
}

export function storedEvent(stream: string, message: JsMsg | StoredMsg): StoredEvent {
  const body = message.string();
  const { subject, seq, time } = message;
  return { stream, sequence: seq, storedAt: time, subject, body, ...parsed(subject, body) };
}

function startOptions(from: StartAt) {
  if (from === 'all') return { deliver_policy: DeliverPolicy.All };
  if (from === 'new') return { deliver_policy: DeliverPolicy.New };
  if ('sequence' in from) return { deliver_policy: DeliverPolicy.StartSequence, opt_start_seq: from.sequence };
  return { deliver_policy: DeliverPolicy.StartTime, opt_start_time: from.time.toISOString() };
}

/** Asks the broker something, and waits for one that is away: what a client sends meanwhile is lost. */
type Ask = <Answer>(question: () => Promise<Answer>) => Promise<Answer>;

export interface ReaderNeeds {
  readonly client: JetStreamClient;
  readonly ask: Ask;
}

/** An ordered consumer: the client makes it anew after a gap or a reconnect, so that nothing is missed or told twice. */
function reader({ client, ask }: ReaderNeeds, stream: string, options: ReadOptions): Promise<Consumer> {
  const { from = 'all', subject } = options;
  const filter = subject === undefined ? {} : { filter_subjects: subject };
  return ask(() => client.consumers.get(stream, { ...startOptions(from), ...filter }));
}

/** Reads a stream from a start to its end as it is now, in order, touching no consumer of a service. */
export async function* readStream(
  needs: ReaderNeeds,
  stream: string,
  options: ReadOptions = {},
): AsyncGenerator<StoredEvent, void, undefined> {
  const { client, ask } = needs;
  const last = async () => (await (await client.streams.get(stream)).info()).state.last_seq;
  const end = options.toSequence ?? (await ask(last));
  const consumer = await reader(needs, stream, options);
  if ((await ask(() => consumer.info())).num_pending === 0) return;
  const messages = await consumer.consume();
  try {
    for await (const message of messages) {
      if (message.seq <= end) yield storedEvent(stream, message);
      if (message.seq >= end || message.info.pending === 0) return;
    }
  } finally {
    await messages.close();
    await consumer.delete().catch(() => undefined);
  }
}

const HELD_BACK = 1_000;

/** Tells of each event of every stream as it is stored, until the signal or the loop around it ends. */
export async function* followStreams(
  needs: ReaderNeeds,
  options: FollowOptions,
): AsyncGenerator<StoredEvent, void, undefined> {
  const names = options.streams ?? topology.filter((one) => one.name !== 'XV_ADVISORIES').map((one) => one.name);
  const waiting: StoredEvent[] = [];
  let changed = () => undefined as void;
  let over = options.signal?.aborted ?? false;
  const change = () =>
    new Promise<void>((resolve) => {
      changed = resolve;
    });
  let next = change();

  const consumers = await Promise.all(names.map((name) => reader(needs, name, { from: options.from ?? 'new' })));
  const sources = await Promise.all(consumers.map((consumer) => consumer.consume()));
  const end = () => {
    over = true;
    changed();
  };
  options.signal?.addEventListener('abort', end, { once: true });
  const pumps = sources.map(async (messages, index) => {
    for await (const message of messages) {
      waiting.push(storedEvent(names[index] ?? '', message));
      changed();
      while (waiting.length > HELD_BACK && !over)
        await new Promise((resolve) => {
          setTimeout(resolve, 10);
        });
    }
  });
  try {
    while (!over) {
      for (let event = waiting.shift(); event !== undefined; event = waiting.shift()) yield event;
      if (over) return;
      await next;
      next = change();
    }
  } finally {
    over = true;
    options.signal?.removeEventListener('abort', end);
    await Promise.all(sources.map((messages) => messages.close()));
    await Promise.allSettled(pumps);
    await Promise.all(consumers.map((consumer) => consumer.delete().catch(() => undefined)));
  }
}
