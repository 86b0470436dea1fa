import type { Run, RunReport } from '@xvision/contracts';
import { useEpochs, useRun } from '../api/runs.js';
import type { PageProps } from '../navigation.js';
import { Answered } from '../parts/answers.js';
import { ConfusionMatrix } from '../parts/confusion-matrix.js';
import { LossCurve } from '../parts/loss-curve.js';
import { Marks, Notice, StatePill } from '../parts/marks.js';
import { ClassTable, MetricList } from '../parts/metrics.js';
import { Link } from '../router.js';
import { count, moment, shortHash } from '../words.js';

export function RunPage({ id }: PageProps) {
  const run = useRun(id);
  return (
    <Answered answer={run} what="the run">
      {(found) => <RunView run={found} />}
    </Answered>
  );
}

function RunView({ run }: { run: Run }) {
  const { report } = run;
  return (
    <>
      <h1>
        {run.task} <StatePill state={run.state} />{' '}
        <Marks synthetic={run.synthetic} untrained={report?.untrainedBackbone === true} />
      </h1>
      {run.message !== null && <p className="failure">{run.message}</p>}
      {report !== null && <Report report={report} />}
      <Losses run={run} />
      <Settings run={run} />
    </>
  );
}

function Report({ report }: { report: RunReport }) {
  const { metrics, run } = report;
  return (
    <section aria-labelledby="result">
      <h2 id="result">Result</h2>
      <Notice />
      {metrics.warnings.length > 0 && (
        <ul className="warnings" aria-label="What to know before believing a number">
          {metrics.warnings.map((warning) => (
            <li key={warning}>{warning}</li>
          ))}
        </ul>
      )}
      <MetricList metrics={metrics} />
      <div className="columns">
        <ConfusionMatrix classes={metrics.classes} confusion={metrics.confusion} />
        <ClassTable perClass={metrics.perClass} />
      </div>
      <p>
        Images in this run: <Link href={`/images?run=${run}`}>all</Link>,{' '}
        <Link href={`/images?run=${run}&outcome=wrong`}>wrongly predicted</Link>,{' '}
        <Link href={`/images?run=${run}&outcome=correct`}>rightly predicted</Link>
      </p>
    </section>
  );
}

function Losses({ run }: { run: Run }) {
  const epochs = useEpochs(run.id);
  return (
    <section aria-labelledby="loss">
      <h2 id="loss">Loss by epoch</h2>
      <Answered answer={epochs} what="the losses">
        {({ items }) => <LossCurve epochs={items} />}
      </Answered>
    </section>
  );
}

function Settings({ run }: { run: Run }) {
  const { settings, report } = run;
  const { split } = settings.task;
  return (
    <section aria-labelledby="settings">
      <h2 id="settings">What it rests on</h2>
      <dl className="facts">
        <dt>Head</dt>
        <dd>
          {settings.head}, seed {settings.seed}, {settings.epochs} epochs of batches of {settings.batchSize}, learning
          rate {settings.sweep === undefined ? settings.learningRate : 'chosen by a nested sweep'}
        </dd>
        <dt>Split</dt>
        <dd>
          {split.kind === 'cross-validation'
            ? `${split.folds}-fold cross-validation by patient${split.repeats > 1 ? `, ${split.repeats} repeats` : ''}`
            : split.kind}
        </dd>
        <dt>Collections</dt>
        <dd>
          {settings.collections.map((id) => (
            <Link key={id} href={`/images?collection=${id}`}>
              {id.slice(0, 8)}
            </Link>
          ))}
        </dd>
        {report !== null && <Provenance report={report} />}
        <dt>Asked for</dt>
        <dd>{moment(run.createdAt)}</dd>
        {run.finishedAt !== null && (
          <>
            <dt>Finished</dt>
            <dd>{moment(run.finishedAt)}</dd>
          </>
        )}
        <dt>Run</dt>
        <dd>
          <code>{run.id}</code>
        </dd>
      </dl>
    </section>
  );
}

function Provenance({ report }: { report: RunReport }) {
  const { counts, engine, weights, dataset, model } = report;
  return (
    <>
      <dt>Images</dt>
      <dd>
        {count(counts.collected)} collected, {count(counts.prepared)} prepared, {count(counts.rejected)} rejected,{' '}
        {count(counts.extracted)} extracted; {count(counts.train)} trained on, {count(counts.test)} tested
      </dd>
      <dt>Features</dt>
      <dd>{engine}</dd>
      <dt>Weights</dt>
      <dd>
        <code title={weights}>{shortHash(weights)}</code>
      </dd>
      <dt>Dataset</dt>
      <dd>
        <code title={dataset}>{shortHash(dataset)}</code>
      </dd>
      <dt>Model</dt>
      <dd>
        <code>{model}</code>
      </dd>
    </>
  );
}
