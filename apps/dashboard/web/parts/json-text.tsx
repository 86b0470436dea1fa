/** Data as they are, laid out; always text, whatever is in them. */
export function JsonText({ value, label }: { value: unknown; label: string }) {
  const shown = typeof value === 'string' ? laidOut(value) : JSON.stringify(value, null, 2);
  return (
    <figure className="json" aria-label={label}>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- long data scroll, also by keyboard */}
      <pre tabIndex={0}>{shown}</pre>
    </figure>
  );
}

/** A text that is JSON is laid out; any other stays as it is. */
function laidOut(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
