import type { RunState } from '@xvision/contracts';
import { text } from '../texts/shell.js';

/** What must be known before a number is believed. */
export function Marks({ synthetic, untrained = false }: { synthetic: boolean; untrained?: boolean }) {
  return (
    <>
      {synthetic && (
        <span className="mark" title={text.mark.syntheticMeans}>
          {text.mark.synthetic}
        </span>
      )}
      {untrained && (
        <span className="mark" title={text.mark.untrainedMeans}>
          {text.mark.untrained}
        </span>
      )}
    </>
  );
}

/** Stands wherever a score stands. */
export function Notice() {
  return <p className="notice">{text.notice}</p>;
}

export function StatePill({ state }: { state: RunState }) {
  return <span className={`pill ${state}`}>{text.runState[state]}</span>;
}
