import type { Model, Run, RunReport } from '@xvision/contracts';

/** All that the catalogue knows of a model and may stand in its card. */
export interface ModelFacts {
  readonly model: Pick<
    Model,
    'id' | 'sha256' | 'dataset' | 'synthetic' | 'untrainedBackbone' | 'profile' | 'card' | 'createdAt'
  >;
  readonly run: Pick<Run, 'id' | 'task' | 'settings'>;
  readonly report: RunReport;
  readonly images: number;
  readonly patients: number;
  /** Images per view, collection and licence, and per class in the task's order. */
  readonly views: ReadonlyMap<string, number>;
  readonly collections: ReadonlyMap<string, number>;
  readonly licences: ReadonlyMap<string, number>;
  readonly classes: ReadonlyMap<string, number>;
}

/** One image of the dataset that a model was trained on. */
export interface FactsMember {
  readonly patient: string;
  readonly view: string;
  /** Source and name. */
  readonly collection: string;
  readonly licence: string | null;
  readonly class: string;
}

export const NO_LICENCE = 'not recorded';

export function factsOf(
  known: Pick<ModelFacts, 'model' | 'run' | 'report'>,
  members: readonly FactsMember[],
): ModelFacts {
  const perClass = count(members.map((member) => member.class));
  const names = known.run.settings.task.classes.map(({ name }) => name);
  return {
    ...known,
    images: members.length,
    patients: new Set(members.map(({ patient }) => patient)).size,
    views: count(members.map(({ view }) => view)),
    collections: count(members.map(({ collection }) => collection)),
    licences: count(members.map(({ licence }) => licence ?? NO_LICENCE)),
    classes: new Map(names.map((name) => [name, perClass.get(name) ?? 0])),
  };
}

function count(values: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}
