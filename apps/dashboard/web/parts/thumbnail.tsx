import type { ImageSummary, SourceLabels, Standing } from '@xvision/contracts';
import { Link } from '../router.js';
import { decimal } from '../words.js';
import { Marks } from './marks.js';

/** One image of the gallery: what it is labelled, in which split it is, and what was predicted. */
export function Thumbnail({ image }: { image: ImageSummary }) {
  const { id, file, preparedSha256, rejection, stage, standing, synthetic, labels } = image;
  return (
    <li className="thumbnail">
      <Link href={`/images/${id}`}>
        {preparedSha256 === null ? (
          <div className={`no-picture ${stage}`}>
            {rejection === null ? 'not prepared yet' : `rejected: ${rejection.reason}`}
          </div>
        ) : (
          <img
            src={`/api/images/${id}/prepared?sha256=${preparedSha256}`}
            alt=""
            loading="lazy"
            width="224"
            height="224"
          />
        )}
        <span className="file">{file}</span>
      </Link>
      <p className="label">
        {standing?.class ?? labelText(labels)} <Marks synthetic={synthetic} />
      </p>
      {standing !== null && <Prediction standing={standing} />}
    </li>
  );
}

export function Prediction({ standing }: { standing: Standing }) {
  const { split, predicted, probabilities, correct } = standing;
  const where =
    split === 'test' ? `tested in fold ${standing.folds.map((fold) => fold + 1).join(', ')}` : 'trained on only';
  if (predicted === null) return <p className="prediction">{where}</p>;
  return (
    <p className={`prediction ${correct === true ? 'right' : 'wrong'}`}>
      {correct === true ? '✓' : '✗'} {predicted} {decimal(probabilities?.[predicted] ?? null, 2)}
      <small>{where}</small>
    </p>
  );
}

/** What the source says, in its own words. */
export function labelText({ label, mesh, findings }: SourceLabels): string {
  if (label !== undefined) return label;
  if (mesh !== undefined && mesh.length > 0) return mesh.join('; ');
  const present = Object.entries(findings ?? {}).filter(([, finding]) => finding === 'present');
  return present.length === 0 ? 'no label' : present.map(([name]) => name).join(', ');
}
