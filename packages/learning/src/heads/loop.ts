import type { Dimension, OnnxGraph, ValueName } from '@xvision/engines';
import type { Precision } from './precision.js';

/** A value that a loop hands from one turn to the next, and where it starts. */
export interface Carried {
  readonly name: string;
  readonly dims: readonly Dimension[];
  readonly start: ValueName;
}

export type Values = Readonly<Record<string, ValueName>>;
export type Read = (name: string) => ValueName;

export interface Turn {
  readonly body: OnnxGraph;
  /** Counts from 0, int64. */
  readonly iteration: ValueName;
  /** A carried value as this turn finds it. */
  readonly read: Read;
}

/** Adds a `Loop` of so many turns, each of which makes every carried value anew; reads them after the last one. */
export function addLoop(
  graph: OnnxGraph,
  settings: { name: string; turns: ValueName; precision: Precision; carried: readonly Carried[] },
  next: (turn: Turn) => Values,
): Read {
  const { name, turns, precision, carried } = settings;
  const body = graph.subgraph(name);
  const iteration = body.input(`${name}.iteration`, 'int64', []);
  const going = body.input(`${name}.going`, 'bool', []);
  const names = carried.map((one) => one.name);
  const found = carried.map((one) => body.input(`${name}.${one.name}`, precision, one.dims));
  const made = readerOf(next({ body, iteration, read: readerOf(zip(names, found)) }));
  body.output(body.node('Identity', [going]), 'bool', { dims: [] });
  for (const one of carried) body.output(made(one.name), precision, { dims: one.dims });
  const inputs = [turns, '', ...carried.map(({ start }) => start)];
  const results = graph.nodes('Loop', inputs, { attributes: { body }, outputs: carried.length });
  return readerOf(zip(names, results));
}

function zip(names: readonly string[], values: readonly ValueName[]): Values {
  return Object.fromEntries(names.map((name, index) => [name, values[index] ?? '']));
}

function readerOf(values: Values): Read {
  return (name) => {
    const value = values[name];
    if (value === undefined)
      throw new Error(`the loop carries no "${name}"; it carries ${Object.keys(values).join(', ')}`);
    return value;
  };
}
