import type { Task } from '@xvision/contracts';
import { useTasks } from '../api/tasks.js';
import { Answered } from '../parts/answers.js';
import { type DataColumn, DataTable } from '../parts/data-table.js';
import { Link } from '../router.js';
import { text } from '../texts/tasks.js';
import { few } from '../words.js';
import { splitText } from './tasks/split-text.js';

/** What can be trained: presets and what people saved. */
export function TasksPage() {
  const tasks = useTasks();
  return (
    <>
      <div className="heading">
        <h1>{text.title}</h1>
        <Link href="/tasks/_new">{text.newTask}</Link>
      </div>
      <Answered answer={tasks} what={text.tasks}>
        {({ items }) => <DataTable columns={COLUMNS} items={items} keyOf={(task) => task.name} none={text.noTask} />}
      </Answered>
    </>
  );
}

const COLUMNS: readonly DataColumn<Task>[] = [
  {
    name: text.task,
    by: (task) => task.name,
    cell: (task) => <Link href={`/tasks/${encodeURIComponent(task.name)}`}>{task.name}</Link>,
  },
  { name: text.description, cell: (task) => task.description ?? '' },
  { name: text.classes, cell: (task) => few(task.classes.map(({ name }) => name)) },
  { name: text.views, cell: (task) => task.views.join(', ') },
  { name: text.split, cell: (task) => splitText(task.split) },
];
