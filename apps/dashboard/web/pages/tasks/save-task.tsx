import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Task, TaskDetail } from '@xvision/contracts';
import type { ReactNode } from 'react';
import { useMayAct } from '../../api/session.js';
import { saveTask } from '../../api/tasks.js';
import { Failure } from '../../parts/answers.js';
import { text } from '../../texts/tasks.js';

/** Saves over the version that was seen. Refused when somebody saved meanwhile: the page then fetches what that is. */
export function SaveTask(props: {
  readonly task: Task | null;
  readonly after: number;
  readonly name: string;
  readonly done: (detail: TaskDetail) => void;
  readonly children?: ReactNode;
}) {
  const { task, after, name, done, children } = props;
  const mayAct = useMayAct();
  const queries = useQueryClient();
  const save = useMutation({
    mutationFn: (one: Task) => saveTask(one, after),
    onSuccess: done,
    onSettled: () => queries.invalidateQueries(),
  });
  return (
    <div className="acts">
      {mayAct ? (
        <button
          type="button"
          disabled={task === null || save.isPending}
          onClick={() => {
            if (task !== null) save.mutate(task);
          }}
        >
          {name}
        </button>
      ) : (
        <p className="hint">{text.operatorSaves}</p>
      )}
      {children}
      {save.isSuccess && <output>{text.saved}</output>}
      {save.error !== null && <Failure error={save.error} />}
    </div>
  );
}
