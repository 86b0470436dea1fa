import type { Estimate, ExplanationMethod, MethodTrust, TrustTest } from '@xvision/contracts';
import { meanEstimate } from './mean-estimate.js';

/** Criteria, fixed before anything was measured; see docs/decisions/0126. */
const MOST_SIMILAR = 0.5;
const LEAST_REPEATABLE = 0.7;

const number = (value: number | null) => (value === null ? '?' : value.toFixed(3));
const text = ({ value, low, high }: Estimate) => `${number(value)} [${number(low)}, ${number(high)}]`;

interface Judged {
  readonly test: TrustTest['test'];
  readonly values: readonly number[];
  readonly passes: (value: Estimate) => boolean;
  readonly criterion: string;
  readonly sentence: (value: string, passed: boolean) => string;
}

function judge({ test, values, passes, criterion, sentence }: Judged): TrustTest {
  const value = meanEstimate(values);
  const passed = value.low !== null && value.high !== null && passes(value);
  const outcome = passed ? 'passed' : 'failed';
  return { test, outcome, value, images: values.length, criterion, sentence: sentence(text(value), passed) };
}

const above = (limit: number) => (value: Estimate) => (value.low ?? Number.NEGATIVE_INFINITY) > limit;

/**
 * `similarities`: for each image, how like its map stays when only the head is randomised, or the whole model, whichever is
 * more alike; the larger of rank correlation (whatever its sign) and structural similarity.
 */
export function judgeRandomisation(similarities: readonly number[]): TrustTest {
  return judge({
    test: 'randomisation',
    values: similarities,
    passes: ({ high }) => (high ?? Number.POSITIVE_INFINITY) < MOST_SIMILAR,
    criterion: `similarity to the map of a randomised model below ${MOST_SIMILAR} (upper end of the interval)`,
    sentence: (value, passed) =>
      passed
        ? `With random weights the map becomes another: similarity ${value}.`
        : `With random weights the map stays much the same (similarity ${value}): it shows the image more than what the model learnt.`,
  });
}

/** `repeatabilities`: per image, how the map would agree with that of a model of other seeds. */
export function judgeRepeatability(repeatabilities: readonly number[]): TrustTest {
  return judge({
    test: 'repeatability',
    values: repeatabilities,
    passes: above(LEAST_REPEATABLE),
    criterion: `expected rank correlation with a model of other seeds above ${LEAST_REPEATABLE} (lower end of the interval)`,
    sentence: (value, passed) =>
      passed
        ? `A model trained from other seeds shows much the same map: ${value}.`
        : `A model trained from other seeds shows another map (${value}): the map is partly chance.`,
  });
}

/** For a model of one network, whose seeds cannot be told apart. */
export function noRepeatability(): TrustTest {
  return {
    test: 'repeatability',
    outcome: 'not tested',
    value: { value: null, low: null, high: null },
    images: 0,
    criterion: `expected rank correlation with a model of other seeds above ${LEAST_REPEATABLE} (lower end of the interval)`,
    sentence:
      'The model has one network only: train the task with --head seed-ensemble, whose five seeds are compared.',
  };
}

/** `gains`: per image, how much faster than in an order by chance the score falls, or rises. */
export function judgeCurve(test: 'deletion' | 'insertion', gains: readonly number[]): TrustTest {
  const does =
    test === 'deletion' ? 'taking away what the map marks lowers' : 'putting in what the map marks first raises';
  return judge({
    test,
    values: gains,
    passes: above(0),
    criterion: 'mean logit along the curve better than in an order by chance (lower end of the interval above 0)',
    sentence: (value, passed) =>
      passed
        ? `${capital(does)} the score faster than chance: by ${value} on the logit.`
        : `That ${does} the score faster than chance is not shown: ${value} on the logit.`,
  });
}

export interface Located {
  readonly hits: readonly number[];
  /** The same with the lesions of the other images: what the map's usual places reach without looking. */
  readonly chance: readonly number[];
}

export function judgePlace(test: 'pointing' | 'energy', { hits, chance }: Located): TrustTest {
  const what = test === 'pointing' ? 'the top of the map lies in the finding' : "the map's share in the finding is";
  const own = meanEstimate(hits);
  const others = meanEstimate(chance);
  return judge({
    test,
    values: hits.map((hit, image) => hit - (chance[image] ?? 0)),
    passes: above(0),
    criterion:
      "more often in the image's own finding than in those of the other images (lower end of the interval above 0)",
    sentence: (value, passed) =>
      `${capital(what)} ${text(own)}, by chance ${number(others.value)}; ${passed ? 'more than chance' : 'not shown to be more than chance'}: ${value}.`,
  });
}

function capital(sentence: string): string {
  return `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}`;
}

/** Passed when every test was made and passed; failed when one failed; else untested. */
export function verdictOf(
  method: ExplanationMethod,
  tests: readonly TrustTest[],
): Pick<MethodTrust, 'verdict' | 'sentence'> {
  const failed = tests.filter(({ outcome }) => outcome === 'failed').map(({ test }) => test);
  if (failed.length > 0) return { verdict: 'failed', sentence: `not evidence: ${method} failed ${failed.join(', ')}` };
  const missing = tests.filter(({ outcome }) => outcome === 'not tested').map(({ test }) => test);
  if (missing.length > 0 || tests.length === 0)
    return {
      verdict: 'untested',
      sentence: `not evidence: ${method} was not tested for ${missing.join(', ') || 'anything'}`,
    };
  return { verdict: 'passed', sentence: `${method} passed ${tests.map(({ test }) => test).join(', ')}` };
}

/**
 * Spearman and Brown: from how alike the maps of single networks are, how alike the mean maps of two sets of `networks`
 * networks would be.
 */
export function stepUp(single: number, networks: number): number {
  return (networks * single) / (1 + (networks - 1) * single);
}
