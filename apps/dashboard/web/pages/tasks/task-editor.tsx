import type { Task, TaskPreview } from '@xvision/contracts';
import type { ReactNode } from 'react';
import { useTaskPreview } from '../../api/tasks.js';
import { Answered } from '../../parts/answers.js';
import { useSettled } from '../../parts/use-settled.js';
import { text } from '../../texts/tasks.js';
import { ClassFields } from './class-fields.js';
import { type Draft, problemsOf, taskOf } from './draft.js';
import { Preview } from './preview.js';
import { SplitFields, ViewFields } from './split-fields.js';

/** Counts follow what is written, but not every letter of it. */
const CALM_MS = 300;

interface Editing {
  readonly draft: Draft;
  readonly change: (draft: Draft) => void;
  /** Against which changes are shown; null for a task that is new. */
  readonly saved: Task | null;
  /** Saves or gives up. */
  readonly acts: ReactNode;
}

/** A task with what it makes of the images while it is written; kept only when somebody saves. */
export function TaskEditor({ draft, change, saved, acts }: Editing) {
  const task = taskOf(draft);
  const shown = useSettled(task ?? saved, CALM_MS);
  const preview = useTaskPreview(shown, saved);
  return (
    <>
      <Form draft={draft} change={change} isNew={saved === null} preview={preview.data} />
      <Problems draft={draft} />
      {acts}
      {shown === null ? (
        <p className="empty">{text.notYet}</p>
      ) : (
        <Answered answer={preview} what={text.theCounts}>
          {(found) => <Preview preview={found} compared={saved !== null} />}
        </Answered>
      )}
    </>
  );
}

function Form(props: {
  readonly draft: Draft;
  readonly change: (draft: Draft) => void;
  readonly isNew: boolean;
  readonly preview: TaskPreview | undefined;
}) {
  const { draft, change, isNew, preview } = props;
  const set = (part: Partial<Draft>) => change({ ...draft, ...part });
  return (
    <>
      <section aria-labelledby="asks">
        <h2 id="asks">{text.asks}</h2>
        {isNew && (
          <label className="choice">
            <small>{text.name}</small>
            <input value={draft.name} maxLength={63} onChange={(event) => set({ name: event.target.value })} />
          </label>
        )}
        <label className="choice">
          <small>{text.description}</small>
          <input size={60} value={draft.description} onChange={(event) => set({ description: event.target.value })} />
        </label>
      </section>
      <section aria-labelledby="rules">
        <h2 id="rules">{text.classesAndRules}</h2>
        <ClassFields classes={draft.classes} change={(classes) => set({ classes })} />
        <p className="hint">{text.ruleHint}</p>
      </section>
      <section aria-labelledby="dealing">
        <h2 id="dealing">{text.viewsAndSplit}</h2>
        <ViewFields views={draft.views} change={(views) => set({ views })} />
        <SplitFields split={draft.split} change={(split) => set({ split })} preview={preview} />
      </section>
    </>
  );
}

function Problems({ draft }: { draft: Draft }) {
  const problems = problemsOf(draft);
  if (problems.length === 0) return null;
  return (
    <ul className="warnings" aria-label={text.mend}>
      {problems.map((problem) => (
        <li key={problem}>{problem}</li>
      ))}
    </ul>
  );
}
