import { availableParallelism } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { projectRoot } from '@xvision/testing';

export interface BenchOptions {
  /** Names of the benches to run; empty = all. */
  readonly only: readonly string[];
  readonly rounds: number;
  readonly quick: boolean;
  readonly threads: number;
  /** Where the JSON goes. */
  readonly out: string;
}

const QUICK_ROUNDS = 2;
const ROUNDS = 5;

/** Throws with a sentence for people when an option is unknown or wrong. */
export function readOptions(given: readonly string[], known: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...given],
    options: {
      only: { type: 'string', multiple: true, default: [] },
      rounds: { type: 'string' },
      threads: { type: 'string' },
      quick: { type: 'boolean', default: false },
      out: { type: 'string', default: path.join(projectRoot(), 'test', 'bench-results.json') },
    },
  });
  for (const name of values.only) {
    if (!known.includes(name)) throw new RangeError(`there is no bench "${name}"; there are: ${known.join(', ')}`);
  }
  return {
    only: values.only,
    quick: values.quick,
    rounds: positive('rounds', values.rounds ?? String(values.quick ? QUICK_ROUNDS : ROUNDS)),
    threads: positive('threads', values.threads ?? String(availableParallelism())),
    out: path.resolve(values.out),
  };
}

function positive(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new RangeError(`--${name} is a whole number from 1 on, not "${text}"`);
  return value;
}
