import { Link } from '../router.js';
import { text } from '../texts/run.js';
import { count } from '../words.js';

/** Shades of a cell by its share of the true class; a class attribute, since the page allows no inline style. */
const SHADES = 5;

/** True classes are rows, predicted ones columns; a cell opens the images in it. */
export function ConfusionMatrix({
  run,
  classes,
  confusion,
}: {
  run: string;
  classes: readonly string[];
  confusion: readonly (readonly number[])[];
}) {
  return (
    <table className="confusion">
      <caption>{text.confusion}</caption>
      <thead>
        <tr>
          <th scope="col">{text.trueClass}</th>
          {classes.map((name) => (
            <th key={name} scope="col">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {confusion.map((row, truth) => {
          const total = row.reduce((sum, value) => sum + value, 0);
          return (
            <tr key={classes[truth]}>
              <th scope="row">{classes[truth]}</th>
              {row.map((value, predicted) => (
                <td
                  key={classes[predicted]}
                  className={`cell ${truth === predicted ? 'right' : 'wrong'} shade-${shade(value, total)}`}
                >
                  {value === 0 ? (
                    count(value)
                  ) : (
                    <Link href={imagesOf(run, classes[truth], classes[predicted])}>{count(value)}</Link>
                  )}
                </td>
              ))}
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

function imagesOf(run: string, label = '', predicted = ''): string {
  return `/images?${new URLSearchParams({ run, label, predicted })}`;
}

function shade(value: number, total: number): number {
  return total === 0 ? 0 : Math.round((value / total) * SHADES);
}
