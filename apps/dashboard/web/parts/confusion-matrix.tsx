import { Link } from '../router.js';
import { text } from '../texts/run.js';
import { count } from '../words.js';
import { Wide } from './wide.js';

/** Shades of a cell by its share of the true class; a class attribute, since the page allows no inline style. */
const SHADES = 5;

/** A matrix of more classes is wider than a screen. */
const MOST_CLASSES = 12;
const MOST_PAIRS = 100;

interface ConfusionProps {
  readonly run: string;
  readonly classes: readonly string[];
  readonly confusion: readonly (readonly number[])[];
}

/** What was taken for what: a matrix, or of many classes the commonest mistakes. */
export function ConfusionMatrix(props: ConfusionProps) {
  return props.classes.length > MOST_CLASSES ? <CommonestMistakes {...props} /> : <Matrix {...props} />;
}

function CommonestMistakes({ run, classes, confusion }: ConfusionProps) {
  const pairs = confusion.flatMap((row, truth) =>
    row.flatMap((images, predicted) =>
      images === 0 || truth === predicted
        ? []
        : [{ truth: classes[truth] ?? '', predicted: classes[predicted] ?? '', images }],
    ),
  );
  const shown = pairs.sort((a, b) => b.images - a.images).slice(0, MOST_PAIRS);
  if (shown.length === 0) return <p className="empty">{text.noMistakes}</p>;
  return (
    <Wide>
      <table>
        <caption>{text.commonest(count(classes.length), count(shown.length), count(pairs.length))}</caption>
        <thead>
          <tr>
            <th scope="col">{text.truth}</th>
            <th scope="col">{text.taken}</th>
            <th scope="col" className="number">
              {text.n}
            </th>
          </tr>
        </thead>
        <tbody>
          {shown.map(({ truth, predicted, images }) => (
            <tr key={`${truth} ${predicted}`}>
              <th scope="row">{truth}</th>
              <td>{predicted}</td>
              <td className="number">
                <Link href={imagesOf(run, truth, predicted)}>{count(images)}</Link>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Wide>
  );
}

/** True classes are rows, predicted ones columns; a cell opens the images in it. */
function Matrix({ run, classes, confusion }: ConfusionProps) {
  return (
    <Wide>
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
    </Wide>
  );
}

function imagesOf(run: string, label = '', predicted = ''): string {
  return `/images?${new URLSearchParams({ run, label, predicted })}`;
}

function shade(value: number, total: number): number {
  return total === 0 ? 0 : Math.round((value / total) * SHADES);
}
