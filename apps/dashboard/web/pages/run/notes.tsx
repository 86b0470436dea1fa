import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Run } from '@xvision/contracts';
import type { FormEvent } from 'react';
import { annotateRun } from '../../api/runs.js';
import { useMayAct } from '../../api/session.js';
import { Failure } from '../../parts/answers.js';
import { text } from '../../texts/run.js';

/** What people wrote beside a run. */
export function Notes({ run }: { run: Run }) {
  return (
    <section aria-labelledby="notes">
      <h2 id="notes">{text.notesTitle}</h2>
      {useMayAct() ? <NotesForm run={run} /> : <p className="note">{run.note === '' ? text.noNote : run.note}</p>}
    </section>
  );
}

function NotesForm({ run }: { run: Run }) {
  const queries = useQueryClient();
  const keep = useMutation({
    mutationFn: (form: FormData) =>
      annotateRun(run.id, {
        note: textOf(form.get('note')),
        tags: [
          ...new Set(
            textOf(form.get('tags'))
              .split(/[\s,]+/)
              .filter((tag) => tag !== ''),
          ),
        ],
      }),
    onSuccess: () => queries.invalidateQueries(),
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    keep.mutate(new FormData(event.currentTarget));
  };
  return (
    <form className="form" onSubmit={submit}>
      <label>
        {text.note}
        <textarea name="note" rows={3} maxLength={10_000} defaultValue={run.note} />
      </label>
      <label>
        {text.tags}
        <input name="tags" defaultValue={run.tags.join(' ')} />
      </label>
      <div className="acts">
        <button type="submit" disabled={keep.isPending}>
          {text.keep}
        </button>
        {keep.isSuccess && <output>{text.kept}</output>}
      </div>
      {keep.error !== null && <Failure error={keep.error} />}
    </form>
  );
}

function textOf(value: FormDataEntryValue | null): string {
  return typeof value === 'string' ? value : '';
}
