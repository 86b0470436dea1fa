import { useQuery } from '@tanstack/react-query';
import type { ImageDetail } from '@xvision/contracts';
import { useState } from 'react';
import { useModelTrust } from '../../api/images.js';
import { useModels } from '../../api/models.js';
import { picture } from '../../api/request.js';
import { Answered, Failure, Loading } from '../../parts/answers.js';
import { Choice } from '../../parts/choice.js';
import { Notice } from '../../parts/marks.js';
import { modelName } from '../../parts/model-name.js';
import { text } from '../../texts/image.js';
import { text as ofModels } from '../../texts/models.js';

const words = text.explanation;

/** A map of what moved a model, with what its trust card says of the method. */
export function Explanation({ image }: { image: ImageDetail }) {
  const models = modelsOf(image);
  const known = useModels(models);
  const [model, setModel] = useState(models[0] ?? '');
  return (
    <section aria-labelledby="explanation">
      <h2 id="explanation">{words.title}</h2>
      {models.length === 0 ? (
        <p className="empty">{words.none}</p>
      ) : (
        <>
          <Notice />
          <div className="filters">
            <Choice
              label={words.model}
              none={words.pick}
              value={model}
              options={models.map((one) => [one, modelName(one, known.get(one))])}
              choose={setModel}
            />
          </div>
          {model !== '' && <Methods image={image} model={model} />}
        </>
      )}
    </section>
  );
}

function modelsOf({ standings, predictions }: ImageDetail): string[] {
  return [...new Set([...standings, ...predictions].flatMap(({ modelId }) => modelId ?? []))];
}

function Methods({ image, model }: { image: ImageDetail; model: string }) {
  const trust = useModelTrust(model);
  const [method, setMethod] = useState('');
  return (
    <Answered answer={trust} what={words.theTrust}>
      {({ verdicts, unexplainable }) => {
        if (unexplainable !== null) return <p className="empty">{ofModels.trust.unexplainable(unexplainable)}</p>;
        const chosen = verdicts.find((one) => one.method === method);
        return (
          <>
            <div className="filters">
              <Choice
                label={words.method}
                none={words.pick}
                value={method}
                options={verdicts.map((one) => [one.method, `${one.method} (${words.verdict[one.verdict]})`])}
                choose={setMethod}
              />
            </div>
            {chosen !== undefined && (
              <>
                <p className={`verdict ${chosen.verdict}`}>{chosen.sentence}</p>
                <HeatMap image={image} model={model} method={method} />
              </>
            )}
          </>
        );
      }}
    </Answered>
  );
}

function HeatMap({ image: { id, prepared }, model, method }: { image: ImageDetail; model: string; method: string }) {
  const [opacity, setOpacity] = useState(50);
  const address = `/api/images/${id}/explanation?model=${model}&method=${method}&form=heat-map`;
  // A map takes seconds and never changes under the same trust card.
  const map = useQuery({ queryKey: [address], queryFn: () => picture(address), staleTime: 'static', retry: false });
  if (map.error !== null) {
    return (
      <>
        <p>{words.refused}</p>
        <Failure error={map.error} />
      </>
    );
  }
  if (map.data === undefined || prepared === null) return <Loading what={words.drawing} />;
  return (
    <>
      <label className="slider">
        {words.opacity}
        <input
          type="range"
          min="0"
          max="100"
          value={opacity}
          onChange={(event) => setOpacity(Number(event.target.value))}
        />
      </label>
      <div className="layers">
        <img src={`/api/images/${id}/prepared?sha256=${prepared.sha256}`} alt="" width="224" height="224" />
        <img src={map.data} alt={words.label(method)} width="224" height="224" style={{ opacity: opacity / 100 }} />
      </div>
    </>
  );
}
