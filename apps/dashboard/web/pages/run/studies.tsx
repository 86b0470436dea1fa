import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Study } from '@xvision/contracts';
import { send } from '../../api/request.js';
import { useStudies } from '../../api/runs.js';
import { useMayAct } from '../../api/session.js';
import { Answered, Failure } from '../../parts/answers.js';
import { text } from '../../texts/run.js';

/** What was asked about a run beyond its report: the audit first of all. */
export function Studies({ run }: { run: string }) {
  const studies = useStudies(run);
  return (
    <section aria-labelledby="studies">
      <h2 id="studies">{text.studiesTitle}</h2>
      <Answered answer={studies} what={text.studies}>
        {({ items }) => (items.length === 0 ? <AskAudit run={run} /> : <StudyTable studies={items} />)}
      </Answered>
    </section>
  );
}

function AskAudit({ run }: { run: string }) {
  const mayAct = useMayAct();
  const queries = useQueryClient();
  const ask = useMutation({
    mutationFn: () => send<Study>('POST', '/api/studies', { kind: 'audit', about: run }),
    onSuccess: () => queries.invalidateQueries(),
  });
  return (
    <>
      <p className="empty">
        {text.noStudies} <code>{text.auditCommand(run)}</code>
      </p>
      {mayAct && (
        <button type="button" disabled={ask.isPending} onClick={() => ask.mutate()}>
          {ask.isPending ? text.asking : text.askAudit}
        </button>
      )}
      {ask.error !== null && <Failure error={ask.error} />}
    </>
  );
}

function StudyTable({ studies }: { studies: readonly Study[] }) {
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">{text.study}</th>
          <th scope="col">{text.state}</th>
          <th scope="col">{text.says}</th>
        </tr>
      </thead>
      <tbody>
        {studies.map((study) => (
          <tr key={study.id}>
            <th scope="row">{study.kind}</th>
            <td>{study.state}</td>
            <td>{verdictOf(study)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** The one sentence of a study, or how far it is. */
function verdictOf({ result, message, progress }: Study): string {
  if (result !== null && 'verdict' in result && typeof result.verdict === 'string') return result.verdict;
  if (result !== null && 'sentence' in result) return result.sentence;
  if (message !== null) return message;
  return progress === null ? '' : `${progress.done} / ${progress.total} ${progress.what}`;
}
