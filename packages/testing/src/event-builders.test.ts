import { everyEvent, imageCollected, parseEvent } from '@xvision/contracts';
import { describe, expect, test } from 'vitest';
import * as testing from './index.js';

const builders = [
  testing.aScrapeRequested,
  testing.anImageCollected,
  testing.anImageRejected,
  testing.anImagePrepared,
  testing.aFeaturesExtracted,
  testing.aRunRequested,
  testing.aDatasetFrozen,
  testing.anEpochCompleted,
  testing.aModelTrained,
  testing.anEvaluationRequested,
  testing.aModelEvaluated,
  testing.aStudyRequested,
  testing.aDeadLetterRecorded,
];

describe('event builders', () => {
  test('there is one for every event that services exchange', () => {
    expect(builders.map((build) => build().type)).toEqual(everyEvent.map((event) => event.subject));
  });

  test('what they build is what its contract says, and what a test asks for is in it', () => {
    const event = testing.anImageCollected({ byteLength: 7 });

    expect(parseEvent(imageCollected, JSON.parse(JSON.stringify(event))).data.byteLength).toBe(7);
  });

  test('two events never share an id', () => {
    expect(testing.aRunRequested().id).not.toBe(testing.aRunRequested().id);
  });
});
