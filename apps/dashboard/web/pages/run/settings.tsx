import type { Run, RunReport, Task } from '@xvision/contracts';
import type { ReactNode } from 'react';
import { useCollection } from '../../api/collections.js';
import { useTask } from '../../api/tasks.js';
import { Link } from '../../router.js';
import { text } from '../../texts/run.js';
import { text as tasksText } from '../../texts/tasks.js';
import { moment, shortHash, shortId } from '../../words.js';
import { changedParts } from '../tasks/draft.js';

/** What the numbers rest on: settings, images, and the hashes that prove them. */
export function Settings({ run }: { run: Run }) {
  const { settings, report, training } = run;
  const { split } = settings.task;
  const rate = settings.sweep === undefined ? String(settings.learningRate) : text.swept;
  return (
    <section aria-labelledby="settings">
      <h2 id="settings">{text.rests}</h2>
      <dl className="facts">
        <Fact name={text.task}>
          <AsSaved task={settings.task} />
        </Fact>
        <Fact name={text.head}>{text.headText(settings.head, settings.seed)}</Fact>
        {settings.head !== 'logistic' && (
          <Fact name={text.training}>{text.trainingText(settings.epochs, settings.batchSize, rate)}</Fact>
        )}
        {training !== undefined && <Fact name={text.form}>{text.formText(training.reason, training.engine)}</Fact>}
        <Fact name={text.split}>
          {split.kind === 'cross-validation' ? text.folds(split.folds, split.repeats) : split.kind}
        </Fact>
        <Fact name={text.collections}>
          {settings.collections.map((id) => (
            <CollectionLink key={id} id={id} />
          ))}
        </Fact>
        {report !== null && <Provenance report={report} />}
        <Fact name={text.asked}>{moment(run.createdAt)}</Fact>
        {run.finishedAt !== null && <Fact name={text.finished}>{moment(run.finishedAt)}</Fact>}
        <Fact name={text.run}>
          <code>{run.id}</code>
        </Fact>
      </dl>
    </section>
  );
}

function CollectionLink({ id }: { id: string }) {
  const name = useCollection(id).data?.name;
  return (
    <Link href={`/images?collection=${id}`} title={id}>
      {name ?? shortId(id)}
    </Link>
  );
}

/** A run holds its own copy of its task: whatever is saved later, the copy stays. */
function AsSaved({ task }: { task: Task }) {
  const { data } = useTask(task.name);
  const same = data?.versions.find((one) => changedParts(one.task, task).every((part) => part === tasksText.split));
  const newest = data?.versions[0]?.version;
  return (
    <>
      <Link href={`/tasks/${task.name}`}>{task.name}</Link>{' '}
      {data !== undefined && text.taskVersion(same?.version ?? null, newest ?? null)}
    </>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="fact">
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Provenance({ report }: { report: RunReport }) {
  const { counts, engine, weights, dataset, model } = report;
  return (
    <>
      <Fact name={text.imagesCounted}>{text.countsText(counts)}</Fact>
      <Fact name={text.features}>{engine}</Fact>
      <Fact name={text.weights}>
        <code title={weights}>{shortHash(weights)}</code>
      </Fact>
      <Fact name={text.dataset}>
        <code title={dataset}>{shortHash(dataset)}</code>
      </Fact>
      <Fact name={text.modelId}>
        <Link href={`/models/${model}`}>
          <code>{model}</code>
        </Link>
      </Fact>
    </>
  );
}
