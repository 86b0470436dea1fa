import type { Model } from '@xvision/contracts';
import type { ReactNode } from 'react';
import { useModel } from '../api/models.js';
import { useMayAct } from '../api/session.js';
import type { PageProps } from '../navigation.js';
import { Answered } from '../parts/answers.js';
import { Marks, Notice } from '../parts/marks.js';
import { ModelExports } from '../parts/model-exports.js';
import { headOf } from '../parts/model-name.js';
import { Link } from '../router.js';
import { text } from '../texts/models.js';
import { decimal, interval, moment } from '../words.js';
import { Predict } from './models/predict.js';
import { Promotions } from './models/promotions.js';
import { Trust } from './models/trust.js';

export function ModelPage({ id }: PageProps) {
  const model = useModel(id);
  return (
    <Answered answer={model} what={text.theModel} title={text.model}>
      {(found) => <ModelView model={found} />}
    </Answered>
  );
}

function ModelView({ model }: { model: Model }) {
  const mayAct = useMayAct();
  return (
    <>
      <h1>
        {[model.task, headOf(model)].filter((part) => part !== '').join(', ')}{' '}
        <span className={`pill stage-${model.stage}`}>{text.stages[model.stage]}</span>{' '}
        <Marks synthetic={model.synthetic} untrained={model.untrainedBackbone} />
      </h1>
      <Notice />
      {mayAct && <Predict model={model.id} />}
      <Reading model={model} />
      <Promotions model={model} />
      <Trust model={model.id} />
      <ModelExports model={model.id} />
      <About model={model} />
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

/** Temperature, operating point and guard: all of it from images that the scoring networks never saw. */
function Reading({ model: { profile } }: { model: Model }) {
  return (
    <section aria-labelledby="operating">
      <h2 id="operating">{text.operating}</h2>
      {profile === null ? (
        <p className="empty">{text.notEvaluated}</p>
      ) : (
        <dl className="facts">
          <Fact name={text.temperature}>
            {profile.temperature === null ? profile.uncalibrated : decimal(profile.temperature)}
          </Fact>
          <Fact name={text.point}>
            {profile.operatingPoint === null
              ? text.noPoint
              : text.pointText(profile.operatingPoint.class, decimal(profile.operatingPoint.threshold))}
          </Fact>
          {profile.operatingPoint !== null && (
            <>
              <Fact name={text.sensitivity}>{interval(profile.operatingPoint.sensitivity)}</Fact>
              <Fact name={text.specificity}>{interval(profile.operatingPoint.specificity)}</Fact>
            </>
          )}
          <Fact name={text.restsOn}>{text.validation(profile.images)}</Fact>
          <Fact name={text.guard}>
            {profile.guard === null ? text.noGuard : text.guardText(profile.guard.images, profile.guard.leastP)}
          </Fact>
          <Fact name={text.views}>{profile.views.join(', ')}</Fact>
        </dl>
      )}
    </section>
  );
}

function About({ model }: { model: Model }) {
  return (
    <section aria-labelledby="about">
      <h2 id="about">{text.about}</h2>
      <dl className="facts">
        {model.runId !== null && (
          <Fact name={text.report}>
            <Link href={`/runs/${model.runId}`}>{text.run}</Link>
          </Fact>
        )}
        <Fact name={text.dataset}>
          <code>{model.dataset}</code>
        </Fact>
        <Fact name={text.weights}>
          <code>{model.sha256}</code> <a href={`/api/models/${model.id}/file`}>{text.file}</a>
        </Fact>
        <Fact name={text.created}>{moment(model.createdAt)}</Fact>
        <Fact name={text.model}>
          <code>{model.id}</code>
        </Fact>
      </dl>
      <details>
        <summary>{text.card}</summary>
        <pre className="card">{JSON.stringify(model.card, null, 2)}</pre>
      </details>
    </section>
  );
}
