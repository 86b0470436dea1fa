import { type ReactNode, useEffect, useRef, useState } from 'react';

/** Scrolls sideways what is wider than its place; then, and only then, the keyboard can get there to scroll it. */
export function Wide({ children }: { children: ReactNode }) {
  const frame = useRef<HTMLDivElement>(null);
  const [scrolls, setScrolls] = useState(false);
  useEffect(() => {
    const element = frame.current;
    if (element === null) return undefined;
    const look = () => setScrolls(element.scrollWidth > element.clientWidth);
    const observer = new ResizeObserver(look);
    observer.observe(element);
    for (const child of element.children) observer.observe(child);
    return () => observer.disconnect();
  }, []);
  return (
    <div className="wide" ref={frame} {...(scrolls ? { tabIndex: 0 } : {})}>
      {children}
    </div>
  );
}
