import type { Study } from '@xvision/contracts';
import { useStudiesAbout } from '../../api/studies.js';
import { Answered } from '../../parts/answers.js';
import { type DataColumn, DataTable } from '../../parts/data-table.js';
import { text } from '../../texts/ablation.js';
import { moment } from '../../words.js';

/** What else was asked about a run: external sets, an int8 network, training it again; and about the maps of its model. */
export function Studies({ run, model }: { run: string; model: string }) {
  const ofRun = useStudiesAbout(run);
  const ofModel = useStudiesAbout(model);
  return (
    <section aria-labelledby="studies">
      <h2 id="studies">{text.othersTitle}</h2>
      <Answered answer={ofRun} what={text.theStudies}>
        {({ items }) => {
          const others = [...items, ...(ofModel.data?.items ?? [])].filter(({ kind }) => kind !== 'audit');
          if (others.length === 0) return <p className="empty">{text.noOthers}</p>;
          return <DataTable columns={COLUMNS} items={others} keyOf={({ id }) => id} />;
        }}
      </Answered>
    </section>
  );
}

const COLUMNS: readonly DataColumn<Study>[] = [
  { name: text.study, by: ({ kind }) => kind, cell: ({ kind }) => text.kinds[kind] },
  { name: text.state, by: ({ state }) => state, cell: ({ state }) => text.states[state] },
  { name: text.says, cell: verdictOf },
  { name: text.when, by: ({ createdAt }) => createdAt, cell: ({ createdAt }) => moment(createdAt) },
];

/** The one sentence of a study, or how far it is. */
function verdictOf({ result, message, progress }: Study): string {
  if (result !== null && 'verdict' in result) return result.verdict;
  if (result !== null && 'sentence' in result) return result.sentence;
  if (result !== null)
    return text.links(result.links.filter(({ problem }) => problem === null).length, result.links.length);
  if (message !== null) return message;
  return progress === null ? '' : text.progress(progress.what, progress.done, progress.total);
}
