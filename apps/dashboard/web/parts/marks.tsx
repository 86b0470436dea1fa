import type { RunState } from '@xvision/contracts';
import { text } from '../texts/shell.js';

/** What must be known before a number is believed. */
export function Marks({ synthetic, untrained = false }: { synthetic: boolean; untrained?: boolean }) {
  return (
    <>
      {synthetic && (
        <span className="mark" title="Procedural phantoms, not radiographs of people">
          synthetic
        </span>
      )}
      {untrained && (
        <span className="mark" title="The backbone has random weights: its scores say nothing about radiographs">
          untrained backbone
        </span>
      )}
    </>
  );
}

/** Stands wherever a score stands. */
export function Notice() {
  return <p className="notice">{text.notice}</p>;
}

const STATES: Readonly<Record<RunState, string>> = {
  waiting: 'waiting for its images',
  requested: 'requested',
  training: 'training',
  trained: 'trained, being evaluated',
  evaluated: 'evaluated',
  failed: 'failed',
};

export function StatePill({ state }: { state: RunState }) {
  return <span className={`pill ${state}`}>{STATES[state]}</span>;
}
