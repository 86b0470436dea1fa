import type { ImageDetail } from '@xvision/contracts';
import { useImage } from '../api/images.js';
import type { PageProps } from '../navigation.js';
import { Answered } from '../parts/answers.js';
import { Marks, Notice } from '../parts/marks.js';
import { labelText, Prediction } from '../parts/standing.js';
import { Link } from '../router.js';
import { count, decimal, shortHash } from '../words.js';

export function ImagePage({ id }: PageProps) {
  const image = useImage(id);
  return (
    <Answered answer={image} what="the image">
      {(found) => <ImageView image={found} />}
    </Answered>
  );
}

function ImageView({ image }: { image: ImageDetail }) {
  const { id, file, synthetic, prepared, original, rejection } = image;
  const untrained = image.features.some((feature) => feature.trained === false);
  const shown = original.mediaType !== 'application/dicom';
  return (
    <>
      <h1>
        {file} <Marks synthetic={synthetic} untrained={untrained} />
      </h1>
      {rejection !== null && (
        <p className="failure">
          Rejected ({rejection.reason}): {rejection.message}
        </p>
      )}
      <div className="pictures">
        {shown && (
          <figure>
            <img src={`/api/images/${id}/original`} alt={`Original of ${file}`} />
            <figcaption>The de-identified original</figcaption>
          </figure>
        )}
        {prepared !== null && (
          <figure>
            <img
              src={`/api/images/${id}/prepared?sha256=${prepared.sha256}`}
              alt={`What the network sees of ${file}`}
              width="224"
              height="224"
            />
            <figcaption>What the network sees, 224 x 224</figcaption>
          </figure>
        )}
      </div>
      <Scores image={image} />
      <Lineage image={image} />
    </>
  );
}

function Scores({ image: { standings, predictions } }: { image: ImageDetail }) {
  if (standings.length === 0 && predictions.length === 0) return null;
  return (
    <section aria-labelledby="scores">
      <h2 id="scores">What models said</h2>
      <Notice />
      <ul className="scores">
        {standings.map((standing) => (
          <li key={standing.runId}>
            <Link href={`/runs/${standing.runId}`}>run {standing.runId.slice(0, 8)}</Link>: true class {standing.class}
            <Prediction standing={standing} />
          </li>
        ))}
        {predictions.map(({ jobId, modelId, probabilities, abstained }) => (
          <li key={jobId}>
            model {modelId.slice(0, 8)}:{' '}
            {probabilities === null
              ? `no score: ${abstained ?? ''}`
              : Object.entries(probabilities)
                  .map(([name, probability]) => `${name} ${decimal(probability, 2)}`)
                  .join(', ')}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Lineage({ image }: { image: ImageDetail }) {
  const { source, sourceUrl, licence, view, patient, labels, report, original, prepared, features } = image;
  return (
    <section aria-labelledby="lineage">
      <h2 id="lineage">Where it comes from</h2>
      <dl className="facts">
        <dt>Source</dt>
        <dd>
          {source}
          {sourceUrl !== null && <small className="message">{sourceUrl}</small>}
        </dd>
        <dt>Licence</dt>
        <dd>{licence ?? 'not recorded'}</dd>
        <dt>View</dt>
        <dd>{view}</dd>
        <dt>Patient (pseudonym)</dt>
        <dd>{patient}</dd>
        <dt>Label of the source</dt>
        <dd>{labelText(labels)}</dd>
        {report !== null && (
          <>
            <dt>Report</dt>
            <dd>{report}</dd>
          </>
        )}
        <dt>Original</dt>
        <dd>
          {original.mediaType}, {count(original.byteLength)} bytes, <Hash sha256={original.sha256} />
        </dd>
        {prepared !== null && (
          <>
            <dt>Prepared</dt>
            <dd>
              from {prepared.width} x {prepared.height} by {prepared.preprocessing}, <Hash sha256={prepared.sha256} />
            </dd>
          </>
        )}
        {features.map((feature) => (
          <div key={feature.sha256} className="fact">
            <dt>Features</dt>
            <dd>
              {feature.engine}, weights <Hash sha256={feature.weights} />, row <Hash sha256={feature.sha256} />{' '}
              <Marks synthetic={false} untrained={feature.trained === false} />
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function Hash({ sha256 }: { sha256: string }) {
  return <code title={sha256}>{shortHash(sha256)}</code>;
}
