import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ClassRule, Task } from '@xvision/contracts';
import { useDeferredValue, useState } from 'react';
import { useMayAct } from '../../api/session.js';
import { saveTask, useTaskPreview } from '../../api/tasks.js';
import { Answered, Failure } from '../../parts/answers.js';
import { text } from '../../texts/tasks.js';
import { Preview } from './preview.js';
import { ruleFrom, termsOf } from './rule-text.js';

interface Draft {
  readonly name: string;
  readonly kind: ClassRule['kind'];
  readonly words: string;
}

/** Rules with what they make of the images while they are written; kept only when somebody saves. */
export function RuleEditor({ saved }: { saved: Task }) {
  const [drafts, setDrafts] = useState(() => draftsOf(saved));
  const task = useDeferredValue(taskOf(saved, drafts));
  const preview = useTaskPreview(task ?? saved, saved);
  const change = (place: number, part: Partial<Draft>) =>
    setDrafts((before) => before.map((draft, i) => (i === place ? { ...draft, ...part } : draft)));
  return (
    <>
      <section aria-labelledby="rules">
        <h2 id="rules">{text.rules}</h2>
        {drafts.map((draft, place) => (
          <RuleFields key={draft.name} draft={draft} change={(part) => change(place, part)} />
        ))}
        <p className="hint">{text.ruleHint}</p>
        <Acts task={task} reset={() => setDrafts(draftsOf(saved))} />
      </section>
      <Answered answer={preview} what={text.theCounts}>
        {(found) => <Preview preview={found} />}
      </Answered>
    </>
  );
}

const KINDS: readonly ClassRule['kind'][] = ['mesh-contains', 'mesh-exactly', 'mesh-none-of', 'finding', 'label-only'];

function RuleFields({ draft, change }: { draft: Draft; change: (part: Partial<Draft>) => void }) {
  return (
    <fieldset className="rule">
      <legend>{draft.name}</legend>
      <label className="choice">
        <small>{text.kind}</small>
        <select
          value={draft.kind}
          onChange={(event) => change({ kind: KINDS.find((kind) => kind === event.target.value) ?? draft.kind })}
        >
          {KINDS.map((kind) => (
            <option key={kind} value={kind}>
              {text.kinds[kind]}
            </option>
          ))}
        </select>
      </label>
      {draft.kind !== 'label-only' && (
        <label className="choice">
          <small>{text.terms}</small>
          <input size={50} value={draft.words} onChange={(event) => change({ words: event.target.value })} />
        </label>
      )}
    </fieldset>
  );
}

function Acts({ task, reset }: { task: Task | null; reset: () => void }) {
  const queries = useQueryClient();
  const save = useMutation({ mutationFn: saveTask, onSuccess: () => queries.invalidateQueries() });
  return (
    <div className="acts">
      {useMayAct() && (
        <button
          type="button"
          disabled={task === null || save.isPending}
          onClick={() => {
            if (task !== null) save.mutate(task);
          }}
        >
          {text.save}
        </button>
      )}
      <button type="button" className="quiet" onClick={reset}>
        {text.reset}
      </button>
      {save.isSuccess && <output>{text.saved}</output>}
      {save.error !== null && <Failure error={save.error} />}
    </div>
  );
}

const draftsOf = (task: Task): Draft[] =>
  task.classes.map(({ name, rule }) => ({ name, kind: rule.kind, words: termsOf(rule) }));

/** Null while a rule is half written. */
function taskOf(saved: Task, drafts: readonly Draft[]): Task | null {
  const classes = drafts.flatMap(({ name, kind, words }, place) => {
    const before = saved.classes[place]?.rule;
    const rule = ruleFrom(kind, words);
    // An untouched rule stays itself: the form does not show all of it (a finding that is absent, say).
    if (before !== undefined && before.kind === kind && termsOf(before) === words) return [{ name, rule: before }];
    return rule === null ? [] : [{ name, rule }];
  });
  return classes.length === drafts.length ? { ...saved, classes } : null;
}
