import type { ImageSummary, Run } from '@xvision/contracts';
import { useCollections } from '../api/collections.js';
import { useImages } from '../api/images.js';
import { useRuns } from '../api/runs.js';
import { Answered } from '../parts/answers.js';
import { Choice } from '../parts/choice.js';
import { Notice } from '../parts/marks.js';
import { Thumbnail } from '../parts/thumbnail.js';
import { go, Link, useAddress, withParameters } from '../router.js';

const PER_PAGE = 60;
const NAMES = ['collection', 'run', 'label', 'split', 'outcome', 'view', 'stage', 'source', 'cursor'] as const;

/** The filter is in the address: what is seen can be sent to somebody else. */
export function ImagesPage() {
  const address = useAddress();
  const query = new URLSearchParams({ limit: String(PER_PAGE) });
  for (const name of NAMES) {
    const value = address.searchParams.get(name);
    if (value !== null) query.set(name, value);
  }
  const images = useImages(query.toString());
  return (
    <>
      <h1>Images</h1>
      <Filters address={address} />
      {address.searchParams.has('run') && <Notice />}
      <Answered answer={images} what="the images">
        {({ items, next }) => <Gallery images={items} next={next} address={address} />}
      </Answered>
    </>
  );
}

function Filters({ address }: { address: URL }) {
  const collections = useCollections().data?.items ?? [];
  const runs = (useRuns().data?.items ?? []).filter((run) => run.modelId !== null);
  const chosen = runs.find((run) => run.id === address.searchParams.get('run'));
  const choose = (change: Record<string, string | undefined>) => go(withParameters(address, change));
  const value = (name: string) => address.searchParams.get(name) ?? '';
  return (
    <form className="filters" onSubmit={(event) => event.preventDefault()}>
      <Choice
        label="Collection"
        value={value('collection')}
        options={collections.map((one) => [one.id, one.name])}
        choose={(collection) => choose({ collection })}
      />
      <Choice
        label="Predictions of run"
        none="none"
        value={value('run')}
        options={runs.map((run) => [run.id, nameOf(run)])}
        choose={(run) => choose({ run, label: undefined, split: undefined, outcome: undefined })}
      />
      {chosen !== undefined && <RunFilters run={chosen} value={value} choose={choose} />}
      <Choice
        label="View"
        value={value('view')}
        options={same('frontal', 'lateral', 'unknown')}
        choose={(view) => choose({ view })}
      />
      <Choice
        label="Stage"
        value={value('stage')}
        options={same('collected', 'prepared', 'rejected', 'extracted')}
        choose={(stage) => choose({ stage })}
      />
    </form>
  );
}

function RunFilters(props: {
  readonly run: Run;
  readonly value: (name: string) => string;
  readonly choose: (change: Record<string, string>) => void;
}) {
  const { run, value, choose } = props;
  const splits = [
    ['test', 'tested'],
    ['train', 'trained on only'],
  ] as const;
  const outcomes = [
    ['correct', 'right'],
    ['wrong', 'wrong'],
  ] as const;
  const classes = run.settings.task.classes.map(({ name }) => [name, name] as const);
  return (
    <>
      <Choice label="Class" value={value('label')} options={classes} choose={(label) => choose({ label })} />
      <Choice label="Split" value={value('split')} options={splits} choose={(split) => choose({ split })} />
      <Choice
        label="Prediction"
        value={value('outcome')}
        options={outcomes}
        choose={(outcome) => choose({ outcome })}
      />
    </>
  );
}

const same = (...values: string[]) => values.map((value) => [value, value] as const);

const nameOf = ({ task, settings, createdAt }: Run) =>
  `${task}, ${settings.head}, ${createdAt.slice(0, 16).replace('T', ' ')}`;

function Gallery({ images, next, address }: { images: readonly ImageSummary[]; next: string | null; address: URL }) {
  if (images.length === 0) return <p className="empty">No image is like that.</p>;
  return (
    <>
      <ul className="gallery">
        {images.map((image) => (
          <Thumbnail key={image.id} image={image} />
        ))}
      </ul>
      <nav className="paging" aria-label="Pages of images">
        {address.searchParams.has('cursor') && <Link href={withParameters(address, {})}>First page</Link>}
        {next !== null && <Link href={withParameters(address, { cursor: next })}>Next page</Link>}
      </nav>
    </>
  );
}
