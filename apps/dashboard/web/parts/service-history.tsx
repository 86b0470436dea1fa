import type { ServiceInstance } from '@xvision/contracts';
import { useServiceInstances } from '../api/system.js';
import { useAddress } from '../router.js';
import { text } from '../texts/system.js';
import { exactMoment, moment } from '../words.js';
import { Answered } from './answers.js';
import { type DataColumn, DataTable } from './data-table.js';
import { Pager } from './pager.js';

const COLUMNS: readonly DataColumn<ServiceInstance>[] = [
  { name: text.service, by: (one) => one.name, cell: (one) => <span className="whole">{one.name}</span> },
  {
    name: text.standing,
    by: (one) => one.standing,
    cell: ({ standing }) => (
      <span className={standing === 'silent' ? 'bad' : undefined}>{text.standings[standing]}</span>
    ),
  },
  {
    name: text.health,
    by: (one) => one.health,
    cell: ({ health }) => (
      <span className={health === 'ok' ? undefined : 'bad message'}>{health === 'ok' ? text.healthy : health}</span>
    ),
  },
  { name: text.release, by: (one) => one.version, cell: (one) => one.version },
  { name: text.engine, cell: engineOf },
  { name: text.host, cell: ({ host, pid }) => text.process(host, pid) },
  { name: text.started, by: (one) => one.startedAt, cell: (one) => <Time at={one.startedAt} /> },
  {
    name: text.seen,
    by: (one) => one.stoppedAt ?? one.seenAt,
    cell: (one) => <Time at={one.stoppedAt ?? one.seenAt} />,
  },
];

function Time({ at }: { at: string }) {
  return (
    <time dateTime={at} title={exactMoment(at)}>
      {moment(at)}
    </time>
  );
}

/** Who lives, who stopped and who fell silent; each start of a process is a line. */
export function ServiceHistory() {
  const cursor = useAddress().searchParams.get('cursor');
  const query = new URLSearchParams({ limit: '25', ...(cursor === null ? {} : { cursor }) });
  const instances = useServiceInstances(query.toString());
  return (
    <section aria-labelledby="services">
      <h2 id="services">{text.services}</h2>
      <Answered answer={instances} what={text.theServices}>
        {({ items, next }) => (
          <>
            {items.length === 0 ? (
              <p className="empty">{text.noService}</p>
            ) : (
              <DataTable columns={COLUMNS} items={items} keyOf={(one) => one.id} />
            )}
            <Pager next={next} words={text} />
          </>
        )}
      </Answered>
    </section>
  );
}

function engineOf({ engine, engineReason }: ServiceInstance): string {
  if (engine === null) return '';
  return engineReason === null ? engine : text.why(engine, engineReason);
}
