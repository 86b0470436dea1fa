import { useModel } from '../../api/models.js';
import { text } from '../../texts/run.js';
import { decimal } from '../../words.js';

interface Tried {
  readonly learningRate: number;
  readonly weightDecay: number;
  readonly seed: number;
  readonly innerAuc: number;
  readonly chosenIn: number;
}

/** The table of a swept run; nothing where settings were given. */
export function Sweep({ model }: { model: string }) {
  // The card's shape is checked where it is written (head-card.ts); a card of another version has no such table.
  const tried = useModel(model).data?.card.sweep as readonly Tried[] | undefined;
  if (!Array.isArray(tried)) return null;
  return (
    <section aria-labelledby="sweep">
      <h2 id="sweep">{text.sweepTitle}</h2>
      <p className="hint">{text.sweepHint}</p>
      <table>
        <thead>
          <tr>
            {[text.rate, text.decay, text.seed, text.inner, text.chosen].map((name) => (
              <th key={name} scope="col" className="number">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {tried.map((one: Tried) => (
            <tr key={`${one.learningRate} ${one.weightDecay} ${one.seed}`}>
              <td className="number">{one.learningRate}</td>
              <td className="number">{one.weightDecay}</td>
              <td className="number">{one.seed}</td>
              <td className="number">{decimal(one.innerAuc)}</td>
              <td className="number">{one.chosenIn}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
