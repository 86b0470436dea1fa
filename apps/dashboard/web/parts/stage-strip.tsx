import type { Pipeline, ServiceInstance } from '@xvision/contracts';
import { useServiceInstances } from '../api/system.js';
import { useLive } from '../live.js';
import { text } from '../texts/overview.js';
import { ago, count } from '../words.js';

type Stage = Pipeline['stages'][number];

/** Who does the work of a stage. */
const SERVICE: Readonly<Record<Stage['stage'], string>> = {
  collect: 'scraper',
  prepare: 'preprocessor',
  extract: 'extractor',
  train: 'trainer',
  evaluate: 'evaluator',
};

/** The flow from left to right: what came out of each stage and how fast, what waits, what failed, who works on it. */
export function StageStrip({ pipeline }: { pipeline: Pipeline }) {
  const services = useServiceInstances('limit=100').data?.items;
  return (
    <ol className="stages" aria-label={text.stages}>
      {pipeline.stages.map((stage) => (
        <StageBox key={stage.stage} stage={stage} now={Date.parse(pipeline.at)} services={services} />
      ))}
    </ol>
  );
}

interface StageBoxProps {
  readonly stage: Stage;
  readonly now: number;
  /** Undefined until they are known. */
  readonly services: readonly ServiceInstance[] | undefined;
}

function StageBox({ stage: { stage, done, waiting, failed, oldestWaitingAt }, now, services }: StageBoxProps) {
  const { title, unit, failed: failedWord } = text.stage[stage];
  const rate = useLive().rates.get(stage) ?? 0;
  return (
    <li className={waiting > 0 ? 'stage busy' : 'stage'} data-stage={stage}>
      <h2>{title}</h2>
      <p className="done">
        <strong>{count(done)}</strong> {text.units(done, unit)}
      </p>
      <p className="waiting">
        {waiting === 0 ? text.nothingWaits : text.waiting(count(waiting))}
        {oldestWaitingAt !== null && waiting > 0 && text.oldest(ago(oldestWaitingAt, now))}
      </p>
      {rate > 0 && <p className="rate">{text.rate(count(Math.max(1, Math.round(rate))))}</p>}
      <p className="failed">{failed > 0 && text.failed(count(failed), failedWord)}</p>
      {services !== undefined && <Workers service={SERVICE[stage]} services={services} />}
    </li>
  );
}

function Workers({ service, services }: { service: string; services: readonly ServiceInstance[] }) {
  const alive = services.filter(({ name, standing }) => name === service && standing === 'alive').length;
  return (
    <p className={alive === 0 ? 'workers bad' : 'workers'}>
      {alive === 0 ? text.noWorker(service) : text.workers(alive, service)}
    </p>
  );
}
