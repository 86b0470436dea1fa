import type { Collection } from '@xvision/contracts';
import { Link } from '../router.js';
import { count } from '../words.js';
import { Marks } from './marks.js';

export function CollectionTable({ collections }: { collections: readonly Collection[] }) {
  if (collections.length === 0) {
    return (
      <p className="empty">
        Nothing is collected yet. Start with <code>xvision collect openi</code> or{' '}
        <code>xvision collect folder DIR</code>.
      </p>
    );
  }
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">Collection</th>
          <th scope="col">Source</th>
          <th scope="col">State</th>
          <th scope="col" className="number">
            Collected
          </th>
          <th scope="col" className="number">
            Prepared
          </th>
          <th scope="col" className="number">
            Rejected
          </th>
          <th scope="col" className="number">
            Extracted
          </th>
        </tr>
      </thead>
      <tbody>
        {collections.map((collection) => (
          <CollectionRow key={collection.id} collection={collection} />
        ))}
      </tbody>
    </table>
  );
}

function CollectionRow({ collection }: { collection: Collection }) {
  const { id, name, source, purpose, synthetic, state, settled, counts, expected, message } = collection;
  return (
    <tr>
      <th scope="row">
        <Link href={`/images?collection=${id}`}>{name}</Link> <Marks synthetic={synthetic} />
        {purpose !== 'dataset' && <small> for one {purpose === 'prediction' ? 'prediction' : 'export'}</small>}
      </th>
      <td>{source}</td>
      <td>
        <span className={`pill ${settled ? 'evaluated' : state}`}>{settled ? 'settled' : state}</span>
        {message !== null && <small className="message">{message}</small>}
      </td>
      <td className="number">
        {count(counts.collected)}
        {expected !== null && expected !== counts.collected && <small> of {count(expected)}</small>}
      </td>
      <td className="number">{count(counts.prepared)}</td>
      <td className="number">{count(counts.rejected)}</td>
      <td className="number">{count(counts.extracted)}</td>
    </tr>
  );
}
