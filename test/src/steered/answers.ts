import type { Amount, Answers } from './amount.js';
import { collectionAnswers } from './collections.js';
import { deadLetterAnswers } from './dead-letters.js';
import { eventAnswers } from './events.js';
import { imageAnswers } from './images.js';
import { modelAnswers } from './models.js';
import { runAnswers } from './runs.js';
import { studyAnswers } from './studies.js';
import { systemAnswers } from './system.js';
import { taskAnswers } from './tasks.js';

/** What every address of the API answers; a page that asks for another one is a failure of the test. */
export function answersFor(amount: Amount): Answers {
  return [
    collectionAnswers,
    taskAnswers,
    runAnswers,
    studyAnswers,
    modelAnswers,
    imageAnswers,
    eventAnswers,
    deadLetterAnswers,
    systemAnswers,
  ].flatMap((answersOf) => answersOf(amount));
}
