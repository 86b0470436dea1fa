import type { RecordedEvent } from '@xvision/contracts';

/** From so many alike on, what happened again and again stands as one step. */
const MANY = 5;

/** Events of one kind that followed each other without another between. */
export type Step = readonly [RecordedEvent, ...RecordedEvent[]];

/** A path in steps: the epochs of a training are one, what happened a few times is told each time. */
export function stepsOf(events: readonly RecordedEvent[]): Step[] {
  const alike: [RecordedEvent, ...RecordedEvent[]][] = [];
  for (const event of events) {
    const last = alike.at(-1);
    if (last !== undefined && last[0].event.type === event.event.type) last.push(event);
    else alike.push([event]);
  }
  return alike.flatMap((step): Step[] => (step.length < MANY ? step.map((event): Step => [event]) : [step]));
}
