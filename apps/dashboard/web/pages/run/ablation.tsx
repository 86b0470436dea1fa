import type { AuditCheck, AuditResult, ParityArm, ParityResult, Run, Study } from '@xvision/contracts';
import { useCollections } from '../../api/collections.js';
import { auditRequest, parityRequest, useStudiesAbout, useStudiesOf } from '../../api/studies.js';
import { Answered } from '../../parts/answers.js';
import { type DataColumn, DataTable } from '../../parts/data-table.js';
import { Marks } from '../../parts/marks.js';
import { StudyStanding } from '../../parts/study-standing.js';
import { text } from '../../texts/ablation.js';
import { count, interval } from '../../words.js';

/** What is left of a run when something is taken away from it. */
export function Ablation({ run }: { run: Run }) {
  const studies = useStudiesAbout(run.id);
  return (
    <section aria-labelledby="ablation">
      <h2 id="ablation">{text.title}</h2>
      <p className="hint">{text.hint}</p>
      <Answered answer={studies} what={text.theStudies}>
        {({ items }) => <Audit run={run.id} studies={items} />}
      </Answered>
      <Parity collections={run.settings.collections} />
    </section>
  );
}

function Audit({ run, studies }: { run: string; studies: readonly Study[] }) {
  return (
    <>
      <h3>{text.auditTitle}</h3>
      <StudyStanding
        studies={studies.filter(({ kind }) => kind === 'audit')}
        name={text.audit}
        none={text.noAudit}
        command={text.auditCommand(run)}
        request={auditRequest(run, studies)}
      >
        {({ result }) => result?.kind === 'audit' && <AuditTable result={result} />}
      </StudyStanding>
    </>
  );
}

/** A check, or the model itself, beside which the checks stand. */
type AuditRow = Pick<AuditCheck, 'auc' | 'images'> & { readonly name: string; readonly check: AuditCheck | null };

const AUDIT: readonly DataColumn<AuditRow>[] = [
  { name: text.check, cell: ({ name }) => name },
  { name: text.images, by: ({ images }) => images, number: true, cell: ({ images }) => count(images) },
  { name: text.auc, by: ({ auc }) => auc.value, cell: ({ auc }) => <Figures>{interval(auc)}</Figures> },
  {
    name: text.gain,
    by: ({ check }) => check?.gain.value ?? null,
    cell: ({ check }) => check !== null && <Figures>{interval(check.gain)}</Figures>,
  },
  {
    name: text.finding,
    by: ({ check }) => check?.finding ?? null,
    cell: ({ check }) => check !== null && <Finding check={check} />,
  },
];

function AuditTable({ result: { images, auc, checks, verdict, synthetic } }: { result: AuditResult }) {
  const whole: AuditRow = { name: text.whole, images, auc, check: null };
  const rows = checks.map((check): AuditRow => ({ ...check, name: text.checks[check.check], check }));
  return (
    <>
      <p>
        <Marks synthetic={synthetic} /> <strong>{verdict}</strong>
      </p>
      <DataTable
        columns={AUDIT}
        items={[whole, ...rows]}
        keyOf={({ name, check }) => `${name} ${check?.about ?? ''}`}
      />
    </>
  );
}

function Finding({ check: { finding, sentence, about } }: { check: AuditCheck }) {
  return (
    <>
      <strong className={finding === 'suspect' ? 'bad' : undefined}>{text.findingOf(finding)}</strong>{' '}
      <span title={about}>{sentence}</span>
    </>
  );
}

function Figures({ children }: { children: string }) {
  return <span className="figures">{children}</span>;
}

/** Parity asks of collections, not of a run: shown is what was asked of one that the run rests on. */
function Parity({ collections }: { collections: readonly string[] }) {
  const known = useCollections();
  const studies = useStudiesOf('parity');
  return (
    <>
      <h3>{text.parityTitle}</h3>
      <Answered answer={known} what={text.theStudies}>
        {({ items }) => {
          const own = items.filter(
            ({ id, source }) => collections.includes(id) && (source === 'openi' || source === 'dump'),
          );
          if (own.length === 0) return <p className="empty">{text.notOpenI}</p>;
          return (
            <Answered answer={studies} what={text.theStudies}>
              {(found) => (
                <StudyStanding
                  studies={found.items.filter(({ request }) => asksOf(request, collections))}
                  name={text.parity}
                  none={text.noParity}
                  command={text.parityCommand(own.map(({ name }) => name))}
                  request={parityRequest(own.map(({ id }) => id))}
                >
                  {({ result }) => result?.kind === 'parity' && <ParityTable result={result} />}
                </StudyStanding>
              )}
            </Answered>
          );
        }}
      </Answered>
    </>
  );
}

const asksOf = (request: Study['request'], collections: readonly string[]): boolean =>
  request.kind === 'parity' && request.collections.some((id) => collections.includes(id));

const PARITY: readonly DataColumn<ParityArm>[] = [
  { name: text.arm, cell: ({ arm }) => arm },
  { name: text.trained, by: ({ images }) => images.train, number: true, cell: ({ images }) => count(images.train) },
  { name: text.tested, by: ({ images }) => images.test, number: true, cell: ({ images }) => count(images.test) },
  {
    name: text.ofTrained,
    by: (arm) => arm.testedOfTrainedPatients,
    number: true,
    cell: (arm) => count(arm.testedOfTrainedPatients),
  },
  { name: text.auc, by: ({ auc }) => auc.value, cell: ({ auc }) => <Figures>{interval(auc)}</Figures> },
  {
    name: text.accuracy,
    by: ({ accuracy }) => accuracy.value,
    cell: ({ accuracy }) => <Figures>{interval(accuracy)}</Figures>,
  },
  {
    name: text.difference,
    by: ({ difference }) => difference?.value ?? null,
    cell: ({ difference }) => difference !== null && <Figures>{interval(difference)}</Figures>,
  },
];

function ParityTable({ result }: { result: ParityResult }) {
  const { sentence, synthetic, untrainedBackbone, arms, seeds, collections } = result;
  return (
    <>
      <p>
        <Marks synthetic={synthetic} untrained={untrainedBackbone} /> <strong>{sentence}</strong>{' '}
        {text.seeds(seeds, collections)}
      </p>
      <DataTable columns={PARITY} items={arms} keyOf={({ arm }) => arm} />
    </>
  );
}
