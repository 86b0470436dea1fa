import { Link, useAddress, withParameters } from '../router.js';

/** To the page of older entries and back to the first; the place is in the address. */
export function Pager({ next, words }: { next: string | null; words: { older: string; newest: string } }) {
  const address = useAddress();
  const inside = address.searchParams.has('cursor');
  if (!inside && next === null) return null;
  return (
    <p className="acts">
      {inside && <Link href={withParameters(address, { cursor: undefined })}>{words.newest}</Link>}
      {next !== null && <Link href={withParameters(address, { cursor: next })}>{words.older}</Link>}
    </p>
  );
}
