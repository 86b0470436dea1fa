import type { RunCurves } from '@xvision/contracts';
import { EvidenceFigure } from '../../parts/evidence-figure.js';
import { DIAGONAL, level, precisionRecallCurve, reliabilityDots, rocCurve } from '../../parts/run-curves.js';
import { text } from '../../texts/run.js';

/** Discrimination, precision and calibration of the positive class; nothing where there are more than two classes. */
export function Curves({ curves }: { curves: RunCurves }) {
  const { positive, operating, images, positives } = curves;
  if (positive === null || operating.length === 0) return null;
  return (
    <section aria-labelledby="curves">
      <h2 id="curves">{text.curvesTitle}</h2>
      <div className="charts">
        <EvidenceFigure
          label={text.roc}
          x={text.falsePositiveRate}
          y={text.sensitivity}
          curves={[rocCurve(text.model95, curves)]}
          reference={DIAGONAL}
        />
        <EvidenceFigure
          label={text.pr}
          x={text.recall}
          y={text.precision}
          curves={[precisionRecallCurve(text.model95, curves)]}
          reference={level(positives / images)}
        />
        <EvidenceFigure
          label={text.reliability}
          x={text.meanProbability}
          y={text.shareOf(positive)}
          curves={[reliabilityDots(text.model95, curves)]}
          reference={DIAGONAL}
        />
      </div>
    </section>
  );
}
