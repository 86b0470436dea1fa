import type { ImageDetail } from '@xvision/contracts';
import { useModels } from '../../api/models.js';
import { useRun } from '../../api/runs.js';
import { Notice } from '../../parts/marks.js';
import { modelName } from '../../parts/model-name.js';
import { Wide } from '../../parts/wide.js';
import { Link } from '../../router.js';
import { text } from '../../texts/image.js';
import { decimal, few, shortId } from '../../words.js';

const words = text.scores;
const MANY = 4;
type Standing = ImageDetail['standings'][number];

/** Every run that used the image and every model that was asked about it. */
export function Scores({ image: { standings, predictions } }: { image: ImageDetail }) {
  const known = useModels([...new Set(predictions.map(({ modelId }) => modelId))]);
  return (
    <section aria-labelledby="scores">
      <h2 id="scores">{words.title}</h2>
      <Notice />
      {standings.length === 0 && predictions.length === 0 ? (
        <p className="empty">{words.none}</p>
      ) : (
        <Wide>
          <table>
            <thead>
              <tr>
                <th scope="col">{words.who}</th>
                <th scope="col">{words.truth}</th>
                <th scope="col">{words.said}</th>
                <th scope="col">{words.predicted}</th>
              </tr>
            </thead>
            <tbody>
              {standings.map((standing) => (
                <StandingRow key={standing.runId} standing={standing} />
              ))}
              {predictions.map(({ jobId, modelId, probabilities, abstained }) => (
                <tr key={jobId}>
                  <th scope="row">
                    {<Link href={`/models/${modelId}`}>{words.job(modelName(modelId, known.get(modelId)))}</Link>}
                  </th>
                  <td>—</td>
                  <td colSpan={2}>
                    {probabilities === null ? words.abstained(abstained ?? '') : listed(probabilities, null)}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </Wide>
      )}
    </section>
  );
}

function StandingRow({ standing }: { standing: Standing }) {
  const { runId, probabilities, ranges, predicted, correct } = standing;
  const run = useRun(runId).data;
  return (
    <tr>
      <th scope="row">
        <Link href={`/runs/${runId}`}>
          {run === undefined ? words.run(shortId(runId)) : words.model(run.task, run.settings.head, run.settings.seed)}
        </Link>
      </th>
      <td>{standing.class}</td>
      <td>{probabilities === null ? words.train : listed(probabilities, ranges)}</td>
      <td className={`prediction ${correct === true ? 'right' : 'wrong'}`}>
        {predicted !== null &&
          `${correct === true ? '✓' : '✗'} ${predicted} (${correct === true ? words.right : words.wrong})`}
      </td>
    </tr>
  );
}

function listed(probabilities: Readonly<Record<string, number>>, ranges: Standing['ranges']): string {
  const entries = Object.entries(probabilities);
  // Two classes keep their order; of many the likeliest matter.
  const ordered = entries.length > MANY ? entries.toSorted(([, a], [, b]) => b - a) : entries;
  return few(
    ordered.map(([name, probability]) => {
      const range = ranges?.[name];
      const between = range === undefined ? '' : ` [${decimal(range.low, 2)}, ${decimal(range.high, 2)}]`;
      return `${name} ${decimal(probability, 2)}${between}`;
    }),
  );
}
