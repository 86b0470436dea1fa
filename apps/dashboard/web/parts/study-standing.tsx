import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Study, StudyRequest } from '@xvision/contracts';
import type { ReactNode } from 'react';
import { useMayAct } from '../api/session.js';
import { askStudy, isOpen } from '../api/studies.js';
import { text } from '../texts/ablation.js';
import { Failure } from './answers.js';

/**
 * How a question stands: its answer, how far it is, or how to ask it. `studies` are those that ask it, newest first; an
 * older answer stays while a newer one is worked on.
 */
export function StudyStanding(props: {
  readonly studies: readonly Study[];
  readonly name: string;
  readonly none: string;
  readonly command: string;
  readonly request: StudyRequest;
  readonly children: (study: Study) => ReactNode;
}) {
  const { studies, name, none, command, request, children } = props;
  const [newest] = studies;
  const answered = studies.find(({ state }) => state === 'done');
  return (
    <>
      {newest?.state === 'failed' && <p className="failure">{text.failed(newest.message ?? '')}</p>}
      {newest !== undefined && isOpen(newest) && <Progress study={newest} />}
      {(newest === undefined || newest.state === 'failed') && (
        <>
          {answered === undefined && (
            <p className="empty">
              {none} <code>{command}</code>
            </p>
          )}
          <Ask name={name} request={request} />
        </>
      )}
      {answered !== undefined && children(answered)}
    </>
  );
}

function Progress({ study: { progress } }: { study: Study }) {
  if (progress === null || progress.total === 0) return <output className="empty">{text.begun}</output>;
  const { what, done, total } = progress;
  return (
    <label className="study-progress">
      {text.progress(what, done, total)} <progress value={done} max={total} />
    </label>
  );
}

function Ask({ name, request }: { name: string; request: StudyRequest }) {
  const mayAct = useMayAct();
  const queries = useQueryClient();
  const ask = useMutation({ mutationFn: () => askStudy(request), onSuccess: () => queries.invalidateQueries() });
  if (!mayAct) return null;
  return (
    <>
      <button type="button" disabled={ask.isPending} onClick={() => ask.mutate()}>
        {ask.isPending ? text.asking : text.ask(name)}
      </button>
      {ask.error !== null && <Failure error={ask.error} />}
    </>
  );
}
