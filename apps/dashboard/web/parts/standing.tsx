import type { SourceLabels, Standing } from '@xvision/contracts';
import { text } from '../texts/images.js';
import { decimal } from '../words.js';

/** In which split an image was, and what its run predicted. */
export function Prediction({ standing }: { standing: Standing }) {
  const { split, predicted, probabilities, correct } = standing;
  const where = split === 'test' ? text.testedIn(standing.folds.map((fold) => fold + 1)) : text.split.train;
  if (predicted === null) return <p className="prediction">{where}</p>;
  return (
    <p className={`prediction ${correct === true ? 'right' : 'wrong'}`}>
      {correct === true ? '✓' : '✗'} {predicted} {decimal(probabilities?.[predicted] ?? null, 2)}
      <small>{where}</small>
    </p>
  );
}

/** What the source says, in its own words. */
export function labelText({ label, mesh, findings }: SourceLabels): string {
  if (label !== undefined) return label;
  if (mesh !== undefined && mesh.length > 0) return mesh.join('; ');
  const present = Object.entries(findings ?? {}).filter(([, finding]) => finding === 'present');
  return present.length === 0 ? text.noLabel : present.map(([name]) => name).join(', ');
}
