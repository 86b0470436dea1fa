import { useState } from 'react';
import { useTasks } from '../../api/tasks.js';
import { go, Link, useAddress } from '../../router.js';
import { text } from '../../texts/tasks.js';
import { type Draft, draftOf, newDraft, taskOf } from './draft.js';
import { SaveTask } from './save-task.js';
import { TaskEditor } from './task-editor.js';

/** A task from nothing, or from a copy of another: `/tasks/_new?from=nodule`. */
export function NewTaskPage() {
  const from = useAddress().searchParams.get('from');
  const tasks = useTasks().data?.items ?? [];
  const copied = tasks.find(({ name }) => name === from);
  const [written, setWritten] = useState<Draft | null>(null);
  const draft = written ?? (copied === undefined ? newDraft() : { ...draftOf(copied), name: '' });
  const taken = tasks.some(({ name }) => name === draft.name);
  return (
    <>
      <h1>{text.newTask}</h1>
      {copied !== undefined && <p>{text.copyOf(copied.name)}</p>}
      <TaskEditor
        draft={draft}
        change={setWritten}
        saved={null}
        acts={
          <>
            {taken && (
              <p className="failure">
                {text.taken} <Link href={`/tasks/${draft.name}`}>{draft.name}</Link>
              </p>
            )}
            <SaveTask
              task={taken ? null : taskOf(draft)}
              after={0}
              name={text.create}
              done={(detail) => go(`/tasks/${detail.task.name}`)}
            />
          </>
        }
      />
    </>
  );
}
