import type { ImageDetail } from '@xvision/contracts';
import { Fragment } from 'react';
import { useModels } from '../../api/models.js';
import { Marks } from '../../parts/marks.js';
import { modelName } from '../../parts/model-name.js';
import { labelText } from '../../parts/standing.js';
import { Link } from '../../router.js';
import { text } from '../../texts/image.js';
import { count, shortHash } from '../../words.js';

const words = text.lineage;

export function Lineage({ image }: { image: ImageDetail }) {
  const { source, sourceUrl, licence, view, patient, labels, report, attributes } = image;
  return (
    <section aria-labelledby="lineage">
      <h2 id="lineage">{words.title}</h2>
      <dl className="facts">
        <dt>{words.source}</dt>
        <dd>
          {source}
          {sourceUrl !== null && <small className="message">{sourceUrl}</small>}
        </dd>
        <dt>{words.licence}</dt>
        <dd>
          {licence ?? words.noLicence}
          {licence !== null && <small className="message">{words.allows(licence)}</small>}
        </dd>
        <dt>{words.view}</dt>
        <dd>{view}</dd>
        <dt>{words.patient}</dt>
        <dd>{patient}</dd>
        {Object.entries(attributes)
          .filter(([name]) => name !== 'view')
          .map(([name, value]) => (
            <Fragment key={name}>
              <dt>{words.attribute[name] ?? name}</dt>
              <dd>{value}</dd>
            </Fragment>
          ))}
        <dt>{words.label}</dt>
        <dd>{labelText(labels)}</dd>
        {report !== null && (
          <>
            <dt>{words.report}</dt>
            <dd>
              {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a long report scrolls, also by keyboard */}
              <pre className="report" tabIndex={0}>
                {report}
              </pre>
            </dd>
          </>
        )}
      </dl>
      <h3>{words.chain}</h3>
      <Chain image={image} />
    </section>
  );
}

/** Each step with the hash of what it gave to the next. */
function Chain({ image: { original, prepared, features, standings } }: { image: ImageDetail }) {
  const models = new Map(standings.flatMap(({ modelId, runId }) => (modelId === null ? [] : [[modelId, runId]])));
  const known = useModels([...models.keys()]);
  return (
    <ol className="chain">
      <li>
        <strong>{words.original}</strong> {words.bytes(original.mediaType, count(original.byteLength))}{' '}
        <Hash sha256={original.sha256} />
      </li>
      {prepared !== null && (
        <li>
          <strong>{words.pixels}</strong> {words.preparedBy(prepared.width, prepared.height, prepared.preprocessing)}{' '}
          <Hash sha256={prepared.sha256} />
        </li>
      )}
      {features.map((feature) => (
        <li key={feature.sha256}>
          <strong>{words.features}</strong> {words.weights(feature.engine)} <Hash sha256={feature.weights} />{' '}
          <Hash sha256={feature.sha256} /> <Marks synthetic={false} untrained={feature.trained === false} />
        </li>
      ))}
      {[...models].map(([modelId, runId]) => {
        const model = known.get(modelId);
        return (
          <li key={modelId}>
            <strong>{words.predictions}</strong> <Link href={`/runs/${runId}`}>{modelName(modelId, model)}</Link>
            {model !== undefined && (
              <>
                {words.head} <Hash sha256={model.sha256} />
              </>
            )}
          </li>
        );
      })}
    </ol>
  );
}

function Hash({ sha256 }: { sha256: string }) {
  return <code title={sha256}>{shortHash(sha256)}</code>;
}
