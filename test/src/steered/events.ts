import type { RecordedEvent } from '@xvision/contracts';
import { type Amount, type Answers, AT, further, idOf, many, pageOf, THE_ID } from './amount.js';

/** What the API tells of events. */
export function eventAnswers(amount: Amount): Answers {
  return [
    [
      /^\/api\/events$/,
      pageOf(
        many(amount, (n) => eventOf(amount, n)),
        further(amount),
      ),
    ],
    [
      /^\/api\/events\/kinds$/,
      {
        items: many(amount, (n) => ({
          subject: `xv.kind${n}.happened.v1`,
          summary: amount.words('it happened'),
          stream: `S${n}`,
        })),
      },
    ],
    [/^\/api\/events\/[^/]+$/, eventOf(amount, 0)],
  ];
}

export function eventOf({ count, words, report }: Amount, n: number): RecordedEvent {
  return {
    sequence: String(n + 1),
    event: {
      specversion: '1.0',
      id: idOf(n),
      source: 'scraper',
      type: 'xv.image.collected.v1',
      subject: THE_ID,
      time: AT,
      datacontenttype: 'application/json',
      data: n > 3 ? { n } : { file: words('a file'), report },
    } as RecordedEvent['event'],
    publishedAt: AT,
    stream: 'XV_IMAGE',
    streamSequence: String(count),
  };
}
