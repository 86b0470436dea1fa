import { useId } from 'react';
import { text as shell } from '../texts/shell.js';

/** A labelled list to choose from; the first entry is no choice. */
export function Choice(props: {
  readonly label: string;
  readonly none?: string;
  readonly value: string;
  readonly options: readonly (readonly [value: string, text: string])[];
  readonly choose: (value: string) => void;
}) {
  const id = useId();
  return (
    <div className="choice">
      <label htmlFor={id}>{props.label}</label>
      <select id={id} value={props.value} onChange={(event) => props.choose(event.target.value)}>
        <option value="">{props.none ?? shell.any}</option>
        {props.options.map(([value, text]) => (
          <option key={value} value={value}>
            {text}
          </option>
        ))}
      </select>
    </div>
  );
}
