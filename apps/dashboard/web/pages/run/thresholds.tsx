import type { RunCurves, ThresholdRow } from '@xvision/contracts';
import { useState } from 'react';
import { Label, Slider, SliderOutput, SliderThumb, SliderTrack } from 'react-aria-components';
import { text } from '../../texts/run.js';
import { text as shell } from '../../texts/shell.js';
import { bounds, decimal, interval } from '../../words.js';

/** What calling everything from a probability on positive would have given on the tested images. */
export function Thresholds({ curves }: { curves: RunCurves }) {
  const { positive, images, positives } = curves;
  // To the right is stricter, as on the axis of probabilities.
  const thresholds = curves.thresholds.toReversed();
  const [place, setPlace] = useState(() => nearest(thresholds, 0.5));
  const row = thresholds[Math.min(place, thresholds.length - 1)];
  if (positive === null || row === undefined) return <p className="empty">{text.noCurves}</p>;
  return (
    <div className="panel">
      <Slider
        className="slider"
        minValue={0}
        maxValue={thresholds.length - 1}
        value={place}
        onChange={(value) => setPlace(Array.isArray(value) ? (value[0] ?? 0) : value)}
        isDisabled={thresholds.length < 2}
      >
        <Label>{text.thresholdOf(positive)}</Label>
        <SliderOutput>{decimal(row.threshold)}</SliderOutput>
        <SliderTrack className="track">
          <SliderThumb className="thumb" />
        </SliderTrack>
      </Slider>
      <ThresholdFigures row={row} />
      <p className="hint">{text.thresholdHint(images, positives)}</p>
      <details>
        <summary>{shell.numbers}</summary>
        <ThresholdTable rows={thresholds} />
      </details>
    </div>
  );
}

const FIGURES = ['sensitivity', 'specificity', 'ppv', 'npv'] as const;

function ThresholdFigures({ row }: { row: ThresholdRow }) {
  return (
    <dl className="metrics" aria-live="polite">
      {FIGURES.map((name) => (
        <div className="metric" key={name}>
          <dt>{text[name]}</dt>
          <dd>
            <strong>{decimal(row[name].value)}</strong>
            <small>{bounds(row[name])}</small>
          </dd>
        </div>
      ))}
    </dl>
  );
}

function ThresholdTable({ rows }: { rows: readonly ThresholdRow[] }) {
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">{text.threshold}</th>
          {FIGURES.map((name) => (
            <th key={name} scope="col">
              {text[name]}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.threshold}>
            <th scope="row" className="figures">
              {decimal(row.threshold)}
            </th>
            {FIGURES.map((name) => (
              <td key={name} className="figures">
                {interval(row[name])}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** The slider begins where a probability of one half is. */
function nearest(rows: readonly ThresholdRow[], threshold: number): number {
  const distance = (row: ThresholdRow) => Math.abs(row.threshold - threshold);
  return rows.reduce((best, row, i) => (distance(row) < distance(rows[best] ?? row) ? i : best), 0);
}
