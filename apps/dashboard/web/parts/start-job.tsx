import { useMutation } from '@tanstack/react-query';
import type { Collection, Head, Task } from '@xvision/contracts';
import { type FormEvent, useState } from 'react';
import { useCollections } from '../api/collections.js';
import { type Job, type JobSource, startJob } from '../api/jobs.js';
import { useTasks } from '../api/tasks.js';
import { formText } from '../form-text.js';
import { go } from '../router.js';
import { text } from '../texts/start-job.js';
import { Answered, Failure } from './answers.js';
import { AskInFront } from './modal.js';

const OPENI = 'openi';

/** From a source, a task and a head to a run whose page is then shown. */
export function StartJob() {
  const [open, setOpen] = useState(false);
  const tasks = useTasks();
  const collections = useCollections().data?.items ?? [];
  return (
    <>
      <button type="button" onClick={() => setOpen(true)}>
        {text.start}
      </button>
      <AskInFront title={text.title} open={open} close={() => setOpen(false)}>
        <Answered answer={tasks} what={text.tasks}>
          {({ items }) => <JobForm tasks={items} collections={collections} close={() => setOpen(false)} />}
        </Answered>
      </AskInFront>
    </>
  );
}

interface FormProps {
  readonly tasks: readonly Task[];
  readonly collections: readonly Collection[];
  readonly close: () => void;
}

function JobForm({ tasks, collections, close }: FormProps) {
  const [source, setSource] = useState(OPENI);
  const start = useMutation({ mutationFn: startJob, onSuccess: (run) => go(`/runs/${run.id}`) });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const job = jobOf(new FormData(event.currentTarget), tasks);
    if (job !== undefined) start.mutate(job);
  };
  const trainable = collections.filter((one) => one.purpose === 'dataset' && one.state !== 'failed');
  return (
    <form className="form" onSubmit={submit}>
      <label>
        {text.images}
        <select name="source" value={source} onChange={(event) => setSource(event.target.value)}>
          <option value={OPENI}>{text.openi}</option>
          {trainable.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      </label>
      {source === OPENI && <OpeniFields />}
      <TaskFields tasks={tasks} />
      <p className="hint">{text.hint}</p>
      {start.error !== null && <Failure error={start.error} />}
      <div className="acts">
        <button type="submit" disabled={start.isPending}>
          {start.isPending ? text.starting : text.go}
        </button>
        <button type="button" className="quiet" onClick={close}>
          {text.cancel}
        </button>
      </div>
    </form>
  );
}

function OpeniFields() {
  return (
    <>
      <label>
        {text.name}
        <input name="name" required defaultValue="openi" pattern="[\w.\-]{1,120}" />
      </label>
      <label>
        {text.query}
        <input name="query" maxLength={400} />
      </label>
      <label>
        {text.limit}
        <input name="limit" type="number" min="1" max="10000" />
      </label>
    </>
  );
}

function TaskFields({ tasks }: { tasks: readonly Task[] }) {
  return (
    <>
      <label>
        {text.task}
        <select name="task">
          {tasks.map(({ name, description }) => (
            <option key={name} value={name}>
              {description === undefined ? name : `${name}: ${description}`}
            </option>
          ))}
        </select>
      </label>
      <label>
        {text.head}
        <select name="head">
          {Object.entries(text.heads).map(([head, words]) => (
            <option key={head} value={head}>
              {words}
            </option>
          ))}
        </select>
      </label>
      <label>
        {text.folds}
        <input name="folds" type="number" min="2" max="20" defaultValue="5" required />
      </label>
    </>
  );
}

function jobOf(form: FormData, tasks: readonly Task[]): Job | undefined {
  const field = (name: string) => formText(form, name);
  const task = tasks.find((one) => one.name === field('task'));
  if (task === undefined) return undefined;
  const source: JobSource =
    field('source') === OPENI
      ? {
          kind: 'openi',
          name: field('name'),
          query: field('query'),
          limit: field('limit') === '' ? undefined : Number(field('limit')),
        }
      : { kind: 'collection', id: field('source') };
  return { source, task, head: field('head') as Head, folds: Number(field('folds')) };
}
