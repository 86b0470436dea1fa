import type { Estimate, Run, RunCurves } from '@xvision/contracts';
import { useAllCurves, useAllLosses, useAllRuns, useComparison } from '../../api/runs.js';
import { Answered, Loading, NotFetched } from '../../parts/answers.js';
import { EvidenceFigure } from '../../parts/evidence-figure.js';
import { Marks, Notice } from '../../parts/marks.js';
import { DIAGONAL, level, precisionRecallCurve, reliabilityDots, rocCurve } from '../../parts/run-curves.js';
import { Wide } from '../../parts/wide.js';
import { Link, useAddress } from '../../router.js';
import { text as runText } from '../../texts/run.js';
import { text } from '../../texts/runs.js';
import { count, decimal, interval } from '../../words.js';
import { ComparedLosses } from './compared-losses.js';

/** Two or more runs beside each other: `/runs/compare?run=…&run=…`. */
export function ComparePage() {
  const ids = [...new Set(useAddress().searchParams.getAll('run'))];
  const runs = useAllRuns(ids);
  return (
    <>
      <h1>{text.compareTitle}</h1>
      <p>
        <Link href="/runs">{text.back}</Link>
      </p>
      <Answered answer={runs} what={text.comparedRuns}>
        {(found) => <Compared runs={found} />}
      </Answered>
    </>
  );
}

/** Told apart by a letter, as in the legends. */
const nameOf = (run: Run, index: number): string =>
  `${String.fromCharCode(65 + index)}: ${run.task}, ${run.settings.head}, seed ${run.settings.seed}`;

function Compared({ runs }: { runs: readonly Run[] }) {
  const [first, ...others] = runs;
  if (first === undefined || others.length === 0) return <p className="empty">{text.pickTwo}</p>;
  return (
    <>
      <Notice />
      <SideBySide runs={runs} />
      <section aria-labelledby="pairs">
        <h2 id="pairs">{text.pairs}</h2>
        {others.map((other, index) => (
          <Pair key={other.id} ids={[first.id, other.id]} names={[nameOf(first, 0), nameOf(other, index + 1)]} />
        ))}
      </section>
      <ComparedCurves runs={runs} />
      <Losses runs={runs} />
    </>
  );
}

function SideBySide({ runs }: { runs: readonly Run[] }) {
  const rows: readonly (readonly [string, (run: Run) => string])[] = [
    [text.auc, (run) => estimateOf(run.report?.metrics.auc)],
    [text.accuracy, (run) => estimateOf(run.report?.metrics.accuracy)],
    [text.brier, (run) => estimateOf(run.report?.metrics.brier)],
    [text.baseline, (run) => estimateOf(run.report?.metrics.baseline?.auc)],
    [text.images, (run) => (run.report === null ? run.state : count(run.report.counts.test))],
  ];
  return (
    <Wide>
      <table>
        <caption>{text.side}</caption>
        <thead>
          <tr>
            <th scope="col">{text.metric}</th>
            {runs.map((run, index) => (
              <th key={run.id} scope="col">
                <Link href={`/runs/${run.id}`}>{nameOf(run, index)}</Link>{' '}
                <Marks synthetic={run.synthetic} untrained={run.report?.untrainedBackbone === true} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(([name, cell]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              {runs.map((run) => (
                <td key={run.id} className="figures">
                  {cell(run)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Wide>
  );
}

const estimateOf = (estimate: Estimate | undefined): string => (estimate === undefined ? '—' : interval(estimate));

function Pair({ ids, names }: { ids: readonly [string, string]; names: readonly [string, string] }) {
  const comparison = useComparison(...ids);
  return (
    <div className="panel pair">
      <h3>{text.pair(...names)}</h3>
      <Answered answer={comparison} what={text.comparing}>
        {(found) => (
          <>
            <p>{found.sentence}</p>
            <dl className="facts">
              {(
                [
                  [text.common, count(found.images)],
                  [text.patients, count(found.patients)],
                  [text.aucDifference, interval(found.auc.difference)],
                  [text.accuracyDifference, interval(found.accuracy.difference)],
                  [text.brierDifference, interval(found.brier.difference)],
                  [text.delong, found.delong === null ? text.notApplicable : decimal(found.delong.p)],
                  [text.mcNemar, found.mcNemar === null ? text.notApplicable : decimal(found.mcNemar.p)],
                ] as const
              ).map(([name, value]) => (
                <div key={name} className="fact">
                  <dt>{name}</dt>
                  <dd>{value}</dd>
                </div>
              ))}
            </dl>
          </>
        )}
      </Answered>
    </div>
  );
}

interface Asked {
  readonly data: unknown;
  readonly error: Error | null;
  readonly refetch: () => unknown;
}

/** What did not come of some runs, or not yet, while that of the others is shown. */
function Missing(props: {
  readonly runs: readonly Run[];
  readonly answers: readonly Asked[];
  readonly what: (name: string) => string;
}) {
  const { runs, answers, what } = props;
  return runs.map((run, index) => {
    const answer = answers[index];
    if (answer === undefined || answer.data !== undefined) return null;
    const { error, refetch } = answer;
    const named = what(nameOf(run, index));
    if (error === null) return <Loading key={named} what={named} />;
    return <NotFetched key={named} what={named} error={error} again={refetch} />;
  });
}

function ComparedCurves({ runs }: { runs: readonly Run[] }) {
  const answers = useAllCurves(runs.map((run) => run.id));
  const known = runs.flatMap((run, index) => {
    const data = answers[index]?.data;
    return data === undefined || data.operating.length === 0 ? [] : [{ name: nameOf(run, index), data }];
  });
  const [one] = known;
  return (
    <section aria-labelledby="curves">
      <h2 id="curves">{text.curves}</h2>
      <Missing runs={runs} answers={answers} what={text.curvesOf} />
      {one !== undefined && <ChartsOf known={known} one={one} />}
    </section>
  );
}

interface Known {
  readonly name: string;
  readonly data: RunCurves;
}

function ChartsOf({ known, one }: { known: readonly Known[]; one: Known }) {
  return (
    <div className="charts">
      <EvidenceFigure
        label={runText.roc}
        x={runText.falsePositiveRate}
        y={runText.sensitivity}
        curves={known.map(({ name, data }) => rocCurve(name, data))}
        reference={DIAGONAL}
      />
      <EvidenceFigure
        label={runText.pr}
        x={runText.recall}
        y={runText.precision}
        curves={known.map(({ name, data }) => precisionRecallCurve(name, data))}
        reference={level(one.data.positives / one.data.images)}
      />
      <EvidenceFigure
        label={runText.reliability}
        x={runText.meanProbability}
        y={runText.shareOf(one.data.positive ?? '')}
        curves={known.map(({ name, data }) => reliabilityDots(name, data))}
        reference={DIAGONAL}
      />
    </div>
  );
}

function Losses({ runs }: { runs: readonly Run[] }) {
  const answers = useAllLosses(runs.map((run) => run.id));
  const series = runs.map((run, index) => ({
    name: nameOf(run, index),
    place: index,
    points: answers[index]?.data?.items ?? [],
  }));
  return (
    <>
      <Missing runs={runs} answers={answers} what={text.lossesOf} />
      <ComparedLosses series={series.filter(({ points }) => points.length > 0)} />
    </>
  );
}
