import type { DeadLetter, DeadLetterGroup } from '@xvision/contracts';
import { useState } from 'react';
import { useDeadLetterGroups, useDeadLetters } from '../api/dead-letters.js';
import { useMayAct } from '../api/session.js';
import { ActOnLetters } from '../parts/act-on-letters.js';
import { Answered } from '../parts/answers.js';
import { Choice } from '../parts/choice.js';
import { LetterTable } from '../parts/letter-table.js';
import { LetterTrail } from '../parts/letter-trail.js';
import { Pager } from '../parts/pager.js';
import { go, useAddress, withParameters } from '../router.js';
import { text } from '../texts/dead-letters.js';
import { count } from '../words.js';

const FILTERS = ['state', 'consumer', 'subject'] as const;
type Filter = Partial<Record<(typeof FILTERS)[number], string>>;

export function DeadLettersPage() {
  const { searchParams } = useAddress();
  const query = new URLSearchParams(
    [...FILTERS, 'cursor'].flatMap((name) => {
      const value = searchParams.get(name);
      return value === null ? [] : [[name, value]];
    }),
  );
  const letters = useDeadLetters(query.toString());
  return (
    <>
      <h1>{text.title}</h1>
      <p className="hint">{text.lead}</p>
      <Filters filter={Object.fromEntries(query)} />
      <Answered answer={letters} what={text.letters}>
        {({ items, next }) => (
          // Another filter or page is another choice.
          <Letters key={query.toString()} letters={items} filter={Object.fromEntries(query)} next={next} />
        )}
      </Answered>
      <LetterTrail />
    </>
  );
}

function Filters({ filter }: { filter: Filter }) {
  const address = useAddress();
  const groups = useDeadLetterGroups().data?.items ?? [];
  const choose = (name: keyof Filter) => (value: string) => go(withParameters(address, { [name]: value }));
  const named = (name: 'consumer' | 'subject') =>
    [...new Set(groups.map((group) => group[name]))].map((value) => [value, value] as const);
  return (
    <div className="filters">
      <Choice
        label={text.state}
        value={filter.state ?? ''}
        options={Object.entries(text.states)}
        choose={choose('state')}
      />
      <Choice
        label={text.consumer}
        value={filter.consumer ?? ''}
        options={named('consumer')}
        choose={choose('consumer')}
      />
      <Choice label={text.subject} value={filter.subject ?? ''} options={named('subject')} choose={choose('subject')} />
    </div>
  );
}

interface LettersProps {
  readonly letters: readonly DeadLetter[];
  readonly filter: Filter;
  readonly next: string | null;
}

function Letters({ letters, filter, next }: LettersProps) {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const mayAct = useMayAct();
  if (letters.length === 0) return <p className="empty">{text.none}</p>;
  // What somebody else closed meanwhile is no choice any more.
  const open = letters.filter(({ id, state }) => state === 'open' && chosen.has(id)).map(({ id }) => id);
  return (
    <>
      {mayAct && <Acts ids={open} filter={filter} done={() => setChosen(new Set())} />}
      <LetterTable letters={letters} {...(mayAct ? { choice: { chosen, choose: setChosen } } : {})} />
      <Pager next={next} words={text} />
    </>
  );
}

function Acts({ ids, filter, done }: { ids: readonly string[]; filter: Filter; done: () => void }) {
  const groups = useDeadLetterGroups().data?.items ?? [];
  const matching = {
    ...(filter.consumer === undefined ? {} : { consumer: filter.consumer }),
    ...(filter.subject === undefined ? {} : { subject: filter.subject }),
  };
  const all = openIn(groups, matching);
  return (
    <div className="acts letters">
      {(['redrive', 'discard'] as const).map((act) => (
        <ActOnLetters
          key={act}
          act={act}
          label={text.chosen(text.act[act], count(ids.length))}
          chosen={{ ids: [...ids] }}
          letters={ids.length}
          done={done}
        />
      ))}
      {(['redrive', 'discard'] as const).map((act) => (
        <ActOnLetters
          key={`all ${act}`}
          act={act}
          label={text.matching(text.act[act], count(all))}
          chosen={{ matching }}
          letters={all}
          done={done}
        />
      ))}
    </div>
  );
}

function openIn(groups: readonly DeadLetterGroup[], { consumer, subject }: Omit<Filter, 'state'>): number {
  return groups
    .filter((group) => group.state === 'open')
    .filter((group) => consumer === undefined || group.consumer === consumer)
    .filter((group) => subject === undefined || group.subject === subject)
    .reduce((sum, group) => sum + group.letters, 0);
}
