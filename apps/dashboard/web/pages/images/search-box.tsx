import { useEffect, useId, useRef } from 'react';
import { go, withParameters } from '../../router.js';
import { text } from '../../texts/images.js';

/** Searches when Enter is pressed or the field is left; `/` goes to it from anywhere on the page. */
export function SearchBox({ address }: { address: URL }) {
  const id = useId();
  const field = useRef<HTMLInputElement>(null);
  const asked = address.searchParams.get('search') ?? '';
  useEffect(() => {
    const focus = (event: KeyboardEvent) => {
      const typing = event.target instanceof Element && event.target.closest('input, select, textarea') !== null;
      if (event.key !== '/' || typing) return;
      event.preventDefault();
      field.current?.focus();
    };
    window.addEventListener('keydown', focus);
    return () => window.removeEventListener('keydown', focus);
  }, []);
  const search = () => {
    const wanted = field.current?.value.trim() ?? '';
    if (wanted !== asked) go(withParameters(address, { search: wanted }));
  };
  return (
    <form
      className="choice search"
      onSubmit={(event) => {
        event.preventDefault();
        search();
      }}
    >
      <label htmlFor={id}>{text.search}</label>
      <input
        key={asked}
        id={id}
        ref={field}
        type="search"
        maxLength={200}
        defaultValue={asked}
        placeholder={text.searchHint}
        onBlur={search}
      />
    </form>
  );
}
