import { type AnchorHTMLAttributes, type MouseEvent, useSyncExternalStore } from 'react';

const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  window.addEventListener('popstate', listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener('popstate', listener);
  };
}

/** The address as the page's whole state: path and query. */
export function useAddress(): URL {
  const href = useSyncExternalStore(subscribe, () => window.location.href);
  return new URL(href);
}

/** Goes to an address of this page without loading it again. */
export function go(to: string): void {
  window.history.pushState(null, '', to);
  for (const listener of listeners) listener();
  window.scrollTo(0, 0);
}

/** The same place with another choice in its address: nothing scrolls, and Back leads to where one came from. */
export function stayAt(to: string): void {
  window.history.replaceState(null, '', to);
  for (const listener of listeners) listener();
}

/** Opens in place on a plain click; everything else (new tab, copy) is the browser's. */
export function Link({ href, children, ...rest }: AnchorHTMLAttributes<HTMLAnchorElement> & { href: string }) {
  const open = (event: MouseEvent) => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    go(href);
  };
  return (
    <a {...rest} href={href} onClick={open}>
      {children}
    </a>
  );
}

/** The address with some query parameters changed; undefined removes one. A change of filter starts at the first page. */
export function withParameters(address: URL, change: Readonly<Record<string, string | undefined>>): string {
  const next = new URLSearchParams(address.search);
  if (!('cursor' in change)) next.delete('cursor');
  for (const [name, value] of Object.entries(change)) {
    if (value === undefined || value === '') next.delete(name);
    else next.set(name, value);
  }
  const query = next.toString();
  return query === '' ? address.pathname : `${address.pathname}?${query}`;
}

/** Those of these query parameters that say something. */
export function given(parameters: URLSearchParams, names: readonly string[]): URLSearchParams {
  return new URLSearchParams(
    names.flatMap((name) => {
      const value = (parameters.get(name) ?? '').trim();
      return value === '' ? [] : [[name, value]];
    }),
  );
}
