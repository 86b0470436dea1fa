import { useSystem } from '../api/system.js';
import { Answered } from '../parts/answers.js';
import { Marks } from '../parts/marks.js';
import { text } from '../texts/system.js';
import { count, shortHash } from '../words.js';

export function SystemPage() {
  const system = useSystem();
  return (
    <>
      <h1>{text.title}</h1>
      <Answered answer={system} what={text.system}>
        {({ version, node, postgres, nats, engines }) => (
          <dl className="facts">
            <dt>{text.version}</dt>
            <dd>{text.onNode(version, node)}</dd>
            <dt>{text.postgres}</dt>
            <dd>{postgres}</dd>
            <dt>{text.nats}</dt>
            <dd>{nats ?? text.away}</dd>
            {engines.map(({ engine, weights, trained, features }) => (
              <div key={`${engine} ${weights}`} className="fact">
                <dt>{text.features}</dt>
                <dd>
                  {text.featuresBy(count(features), engine)} <code title={weights}>{shortHash(weights)}</code>{' '}
                  <Marks synthetic={false} untrained={trained === false} />
                </dd>
              </div>
            ))}
          </dl>
        )}
      </Answered>
    </>
  );
}
