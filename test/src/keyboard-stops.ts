/** In the browser: marks what the Tab key has to reach, and says how much it is. */
export function markStops(): number {
  const every = document.querySelectorAll<HTMLElement | SVGElement>(
    'a[href], button:enabled, input:enabled, select:enabled, textarea:enabled, summary, [tabindex]',
  );
  const stops = [...every].filter((one) => one.tabIndex >= 0 && one.checkVisibility({ visibilityProperty: true }));
  for (const stop of stops) stop.setAttribute('data-stop', 'waiting');
  return stops.length;
}

/** In the browser: notes what has the focus; what it is if nobody can see that. */
export function noteFocus(): string | null {
  const focused = document.activeElement;
  if (focused === null || focused === document.body) return null;
  focused.setAttribute('data-stop', 'reached');
  const shown = [focused, focused.closest('[data-focus-visible]')].some((one) => {
    if (one === null) return false;
    const { outlineStyle, boxShadow } = getComputedStyle(one);
    return outlineStyle !== 'none' || boxShadow !== 'none';
  });
  return shown ? null : focused.outerHTML.slice(0, 120);
}

/** In the browser: what was marked and never had the focus. */
export function missedStops(): string[] {
  return [...document.querySelectorAll('[data-stop=waiting]')].map((one) => one.outerHTML.slice(0, 120));
}
