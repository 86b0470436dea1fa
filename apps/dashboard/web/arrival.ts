import { type RefObject, useEffect, useRef } from 'react';
import { isAt, NAVIGATION } from './navigation.js';
import { text } from './texts/shell.js';
import { shortId } from './words.js';

/** Whoever goes to another page without loading it is told so: by the title, and by the focus, which the page takes. */
export function useArrival(pathname: string, page: RefObject<HTMLElement | null>): void {
  const last = useRef(pathname);
  useEffect(() => {
    document.title = titleOf(pathname);
    if (last.current === pathname) return;
    last.current = pathname;
    page.current?.focus({ preventScroll: true });
  }, [pathname, page]);
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** `Runs · Xvision`, and of one of them `Runs, 5f1c22ab · Xvision`: tabs and histories tell them apart. */
export function titleOf(pathname: string): string {
  const found = NAVIGATION.find(([href]) => isAt(pathname, href));
  if (found === undefined) return text.name;
  const [, , id = ''] = pathname.split('/');
  const one = id === '' ? '' : `, ${UUID.test(id) ? shortId(id) : id}`;
  return `${text.nav[found[1]]}${one} · ${text.name}`;
}
