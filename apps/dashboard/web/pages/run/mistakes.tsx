import type { RunMistakes } from '@xvision/contracts';
import { Link } from '../../router.js';
import { text } from '../../texts/run.js';
import { decimal } from '../../words.js';

/** Pictures that the networks were surest of and wrong about: they teach more than any number. */
export function Mistakes({ found: { items, tested, wrong } }: { found: RunMistakes }) {
  return (
    <section aria-labelledby="mistakes">
      <h2 id="mistakes">{text.mistakesTitle}</h2>
      {items.length === 0 ? (
        <p className="empty">{text.noMistakes}</p>
      ) : (
        <p className="hint">{text.mistakesHint(wrong, tested)}</p>
      )}
      <ul className="mistakes">
        {items.map(({ imageId, file, truth, predicted, probabilityOfPredicted }) => (
          <li key={imageId}>
            <Link href={`/images/${imageId}`}>
              <img
                src={`/api/images/${imageId}/prepared`}
                alt={text.mistakeOf(file, truth, predicted)}
                loading="lazy"
                width="140"
                height="140"
              />
            </Link>
            <p>
              {truth} <small>{text.taken}</small> {predicted} {decimal(probabilityOfPredicted, 2)}
            </p>
          </li>
        ))}
      </ul>
    </section>
  );
}
