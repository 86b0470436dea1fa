import type { Run } from '@xvision/contracts';
import { useCollections } from '../../api/collections.js';
import { useImageFacets } from '../../api/images.js';
import { useRunChoices } from '../../api/runs.js';
import { Choice } from '../../parts/choice.js';
import { go, withParameters } from '../../router.js';
import { text } from '../../texts/images.js';

const words = text.filters;

interface Chooser {
  readonly value: (name: string) => string;
  readonly choose: (change: Record<string, string | undefined>) => void;
}

export function Filters({ address }: { address: URL }) {
  const chosen = address.searchParams.get('run') ?? '';
  const runs = useRunChoices(chosen);
  const run = runs.find((one) => one.id === chosen);
  const chooser: Chooser = {
    value: (name) => address.searchParams.get(name) ?? '',
    choose: (change) => go(withParameters(address, change)),
  };
  const options = runs.map((one) => [one.id, nameOf(one)] as const);
  return (
    <>
      <Choice
        label={words.run}
        none={words.noRun}
        value={chooser.value('run')}
        options={options}
        choose={(id) => chooser.choose({ ...WITHOUT_RUN, run: id })}
      />
      {run === undefined ? <LabelFilter {...chooser} /> : <RunFilters run={run} {...chooser} />}
      <SourceFilters {...chooser} />
      <Order scored={run !== undefined} {...chooser} />
    </>
  );
}

/** What means something else, or nothing, under another run. */
const WITHOUT_RUN = {
  label: undefined,
  split: undefined,
  outcome: undefined,
  predicted: undefined,
  leastUncertainty: undefined,
  mostUncertainty: undefined,
  sort: undefined,
};

function LabelFilter({ value, choose }: Chooser) {
  const labels = useImageFacets().data?.labels ?? [];
  const chosen = value('label');
  const options = chosen === '' || labels.includes(chosen) ? labels : [chosen, ...labels];
  return (
    <Choice
      label={words.label}
      value={chosen}
      options={options.map((one) => [one, one])}
      choose={(label) => choose({ label })}
    />
  );
}

const UNCERTAINTY: Readonly<Record<string, readonly [least: string, most: string]>> = {
  sure: ['', '0.1'],
  middle: ['0.1', '0.3'],
  unsure: ['0.3', ''],
};

function RunFilters({ run, value, choose }: Chooser & { readonly run: Run }) {
  const classes = run.settings.task.classes.map(({ name }) => [name, name] as const);
  const uncertainty = Object.keys(UNCERTAINTY).find(
    (name) =>
      UNCERTAINTY[name]?.[0] === value('leastUncertainty') && UNCERTAINTY[name]?.[1] === value('mostUncertainty'),
  );
  const pick = (name: string) => (chosen: string) => choose({ [name]: chosen });
  return (
    <>
      <Choice label={words.class} value={value('label')} options={classes} choose={pick('label')} />
      <Choice label={words.predicted} value={value('predicted')} options={classes} choose={pick('predicted')} />
      <Choice label={words.outcome} value={value('outcome')} options={named(text.outcome)} choose={pick('outcome')} />
      <Choice label={words.split} value={value('split')} options={named(text.split)} choose={pick('split')} />
      <Choice
        label={words.uncertainty}
        value={uncertainty ?? ''}
        options={named(text.uncertainty)}
        choose={(name) => {
          const [least, most] = UNCERTAINTY[name] ?? [undefined, undefined];
          choose({ leastUncertainty: least, mostUncertainty: most });
        }}
      />
    </>
  );
}

function SourceFilters({ value, choose }: Chooser) {
  const collections = useCollections().data?.items ?? [];
  const licences = useImageFacets().data?.licences ?? [];
  const pick = (name: string) => (chosen: string) => choose({ [name]: chosen });
  return (
    <>
      <Choice
        label={words.collection}
        value={value('collection')}
        options={collections.map((one) => [one.id, one.name])}
        choose={pick('collection')}
      />
      <Choice label={words.source} value={value('source')} options={same(SOURCES)} choose={pick('source')} />
      <Choice label={words.licence} value={value('licence')} options={same(licences)} choose={pick('licence')} />
      <Choice label={words.view} value={value('view')} options={same(VIEWS)} choose={pick('view')} />
      <Choice label={words.quality} value={value('quality')} options={named(text.quality)} choose={pick('quality')} />
      <Choice label={words.stage} value={value('stage')} options={same(STAGES)} choose={pick('stage')} />
    </>
  );
}

function Order({ scored, value, choose }: Chooser & { readonly scored: boolean }) {
  const { '': oldest, ...orders } = text.sort;
  const offered = named(orders).filter(([name]) => scored || !/probability|uncertainty/.test(name));
  return (
    <Choice
      label={words.sort}
      none={oldest}
      value={value('sort')}
      options={offered}
      choose={(sort) => choose({ sort })}
    />
  );
}

const SOURCES = ['openi', 'dump', 'folder', 'dicom'];
const VIEWS = ['frontal', 'lateral', 'unknown'];
const STAGES = ['collected', 'prepared', 'rejected', 'extracted'];

const same = (values: readonly string[]) => values.map((value) => [value, value] as const);
const named = (texts: Readonly<Record<string, string>>) => Object.entries(texts);

const nameOf = ({ task, settings, createdAt }: Run) =>
  `${task}, ${settings.head}, ${createdAt.slice(0, 16).replace('T', ' ')}`;
