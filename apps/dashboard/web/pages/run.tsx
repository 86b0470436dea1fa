import type { Run, RunReport } from '@xvision/contracts';
import { useCurves, useLosses, useMistakes, useRun, useSubgroups } from '../api/runs.js';
import type { PageProps } from '../navigation.js';
import { Answered } from '../parts/answers.js';
import { ConfusionMatrix } from '../parts/confusion-matrix.js';
import { LossCurve } from '../parts/loss-curve.js';
import { Marks, Notice, StatePill } from '../parts/marks.js';
import { ClassTable, MetricList } from '../parts/metrics.js';
import { ModelExports } from '../parts/model-exports.js';
import { Link } from '../router.js';
import { text } from '../texts/run.js';
import { Ablation } from './run/ablation.js';
import { Curves } from './run/curves.js';
import { Mistakes } from './run/mistakes.js';
import { Notes } from './run/notes.js';
import { Settings } from './run/settings.js';
import { Studies } from './run/studies.js';
import { Subgroups } from './run/subgroups.js';
import { Sweep } from './run/sweep.js';
import { Thresholds } from './run/thresholds.js';
import { ComparePage } from './runs/compare.js';

/** `/runs/compare` is no run but several. */
export function RunPage({ id }: PageProps) {
  return id === 'compare' ? <ComparePage /> : <OneRun id={id} />;
}

function OneRun({ id }: PageProps) {
  const run = useRun(id);
  return (
    <Answered answer={run} what={text.theRun} title={text.title}>
      {(found) => <RunView run={found} />}
    </Answered>
  );
}

function RunView({ run }: { run: Run }) {
  const { report } = run;
  return (
    <>
      <h1>
        {text.heading(run.task, run.settings.head, run.settings.seed)} <StatePill state={run.state} />{' '}
        <Marks synthetic={run.synthetic} untrained={report?.untrainedBackbone === true} />{' '}
        {run.tags.map((tag) => (
          <span key={tag} className="tag" title={tag}>
            {tag}
          </span>
        ))}
      </h1>
      {run.message !== null && <p className="failure">{run.message}</p>}
      {report !== null && <Result report={report} />}
      {report !== null && <Evidence id={run.id} />}
      <Losses run={run} />
      {run.modelId !== null && <Sweep model={run.modelId} />}
      {run.modelId !== null && <Ablation run={run} />}
      {run.modelId !== null && <Studies run={run.id} model={run.modelId} />}
      {run.modelId !== null && <ModelExports model={run.modelId} />}
      <Settings run={run} />
      <Notes run={run} />
    </>
  );
}

function Result({ report }: { report: RunReport }) {
  const { metrics, run } = report;
  return (
    <section aria-labelledby="result">
      <div className="heading">
        <h2 id="result">{text.result}</h2>
        <Doors report={report} />
      </div>
      <Notice />
      {metrics.warnings.length > 0 && (
        <ul className="warnings" aria-label={text.beware}>
          {metrics.warnings.map((warning) => (
            <li key={warning}>{warning}</li>
          ))}
        </ul>
      )}
      <MetricList metrics={metrics} />
      <div className="columns">
        <ConfusionMatrix run={run} classes={metrics.classes} confusion={metrics.confusion} />
        <ClassTable perClass={metrics.perClass} />
      </div>
      <p>
        {text.images} <Link href={`/images?run=${run}`}>{text.all}</Link>,{' '}
        <Link href={`/images?run=${run}&outcome=wrong`}>{text.wrong}</Link>,{' '}
        <Link href={`/images?run=${run}&outcome=correct`}>{text.right}</Link>
      </p>
    </section>
  );
}

/** Where a reader goes from here. */
function Doors({ report: { run, model } }: { report: RunReport }) {
  const page = `/api/runs/${run}/report.html`;
  return (
    <p className="doors">
      <a href={page} target="_blank" rel="noreferrer">
        {text.print}
      </a>
      <a href={page} download={`xvision-run-${run}.html`}>
        {text.save}
      </a>
      <Link href={`/models/${model}`}>{text.model}</Link>
      <Link href="/runs">{text.compare}</Link>
    </p>
  );
}

function Evidence({ id }: { id: string }) {
  const curves = useCurves(id);
  const subgroups = useSubgroups(id);
  const mistakes = useMistakes(id);
  return (
    <>
      <section aria-labelledby="threshold">
        <h2 id="threshold">{text.thresholds}</h2>
        <Answered answer={curves} what={text.curves}>
          {(found) => <Thresholds curves={found} />}
        </Answered>
      </section>
      {curves.data !== undefined && <Curves curves={curves.data} />}
      <Answered answer={subgroups} what={text.subgroups}>
        {(found) => <Subgroups found={found} />}
      </Answered>
      <Answered answer={mistakes} what={text.mistakes}>
        {(found) => <Mistakes found={found} />}
      </Answered>
    </>
  );
}

function Losses({ run }: { run: Run }) {
  const losses = useLosses(run.id);
  return (
    <section aria-labelledby="loss">
      <h2 id="loss">{text.loss}</h2>
      <Answered answer={losses} what={text.losses}>
        {(found) => <LossCurve losses={found} head={run.settings.head} />}
      </Answered>
    </section>
  );
}
