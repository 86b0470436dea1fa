import { useEffect } from 'react';
import { useNeighbours } from '../../api/images.js';
import { go, Link, useAddress } from '../../router.js';
import { text } from '../../texts/image.js';
import { filterOf } from '../images/filter-of.js';

/** The way back to the list that was left, and along it. */
export function Neighbours({ id }: { id: string }) {
  const filter = filterOf(useAddress());
  const query = filter === '' ? '' : `?${filter}`;
  const answer = useNeighbours(id, filter).data;
  const previous = answer?.previous ?? null;
  const next = answer?.next ?? null;
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const typing = event.target instanceof Element && event.target.closest('input, select, textarea') !== null;
      if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
      const to = event.key === 'j' ? next : event.key === 'k' ? previous : null;
      if (to !== null) go(`/images/${to}${query}`);
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [next, previous, query]);
  return (
    <nav className="acts" aria-label={text.back}>
      <Link href={`/images${query}`}>{text.back}</Link>
      {previous !== null && <Link href={`/images/${previous}${query}`}>{text.previous}</Link>}
      {next !== null && <Link href={`/images/${next}${query}`}>{text.next}</Link>}
      <span className="hint">{text.keys}</span>
    </nav>
  );
}
