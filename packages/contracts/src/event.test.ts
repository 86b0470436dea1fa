import { assert, date, property, uuid } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MalformedEventError, makeEvent, parseEvent } from './event.js';
import { everyEvent } from './events/catalogue-of-events.js';
import { imagePrepared } from './events/image-prepared.js';
import { scrapeRequested } from './events/scrape-requested.js';

const origin = {
  id: '0199c7e2-6f6e-7000-8000-000000000000',
  source: 'xvision/test',
  time: new Date('2026-01-02T03:04:05.678Z'),
};
const prepared = {
  imageId: '0199c7e2-6f6e-7000-8000-000000000001',
  originalSha256: 'a'.repeat(64),
  preparedSha256: 'b'.repeat(64),
  preprocessing: 'centre-crop-224-v1',
};

describe('an event', () => {
  test('survives the wire: what was made is what is parsed', () => {
    assert(
      property(
        uuid(),
        uuid(),
        date({ noInvalidDate: true, min: new Date(0), max: new Date(4e12) }),
        (id, collectionId, time) => {
          const event = makeEvent(scrapeRequested, { collectionId }, { ...origin, id, time, subject: collectionId });

          expect(parseEvent(scrapeRequested, JSON.parse(JSON.stringify(event)))).toEqual(event);
        },
      ),
    );
  });

  test('is a CloudEvent whose type is its subject', () => {
    expect(makeEvent(imagePrepared, prepared, { ...origin, subject: prepared.imageId })).toEqual({
      specversion: '1.0',
      id: origin.id,
      source: 'xvision/test',
      type: 'xv.image.prepared.v1',
      time: '2026-01-02T03:04:05.678Z',
      subject: prepared.imageId,
      dataschema: 'xvision:xv.image.prepared.v1',
      datacontenttype: 'application/json',
      data: prepared,
    });
  });

  test('a publisher that breaks its own contract is told every fault before anything is sent', () => {
    const make = () => makeEvent(imagePrepared, { ...prepared, imageId: 'x', preparedSha256: 'short' }, origin);

    expect(make).toThrow(MalformedEventError);
    expect(make).toThrow(/imageId[\s\S]*preparedSha256|preparedSha256[\s\S]*imageId/);
  });

  test('a message of another type, or no CloudEvent at all, is refused by name', () => {
    const event = makeEvent(imagePrepared, prepared, origin);

    expect(() => parseEvent(scrapeRequested, event)).toThrow(
      'is of type xv.image.prepared.v1, not xv.scrape.requested.v1',
    );
    for (const message of [null, 'text', 7, [], {}]) {
      expect(() => parseEvent(scrapeRequested, message)).toThrow('is not a CloudEvent');
    }
  });

  test('a field that a newer publisher added does not hurt an older reader', () => {
    const event = makeEvent(imagePrepared, prepared, origin);

    expect(parseEvent(imagePrepared, { ...event, data: { ...prepared, added: 'later' } }).data).toEqual(prepared);
  });
});

describe('the catalogue of events', () => {
  test('every subject is xv.<entity>.<fact>.v<N>, once, with a sentence that says when', () => {
    const subjects = everyEvent.map(({ subject }) => subject);

    expect(new Set(subjects).size).toBe(subjects.length);
    for (const { subject, version, summary } of everyEvent) {
      expect(subject).toMatch(/^xv\.[a-z]+\.[a-z]+\.v\d+$/);
      expect(subject).toMatch(new RegExp(`\\.v${version}$`));
      expect(summary).toMatch(/^[A-Z].*\.$/);
    }
  });
});
