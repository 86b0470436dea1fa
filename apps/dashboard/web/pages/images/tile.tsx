import type { ImageSummary } from '@xvision/contracts';
import { type KeyboardEvent, memo } from 'react';
import { Marks } from '../../parts/marks.js';
import { labelText, Prediction } from '../../parts/standing.js';
import { Link } from '../../router.js';
import { text } from '../../texts/images.js';

interface TileProps {
  readonly image: ImageSummary;
  readonly filter: string;
  readonly index: number;
  /** Length of the list; -1 while it is not known. */
  readonly of: number;
  readonly active: boolean;
  readonly move: (event: KeyboardEvent) => void;
  readonly columns: number;
  /** Of its row, in pixels from the beginning of the list. */
  readonly top: number;
}

/**
 * One image of the gallery: what it is labelled, in which split it is, and what was predicted. Drawn anew only when
 * something of its own changes: a scroll draws the rows that come in, not those that stay.
 */
export const Tile = memo(function Tile({ image, filter, index, of, active, move, columns, top }: TileProps) {
  const { id, file, standing, synthetic, labels } = image;
  const place = { left: `${((index % columns) / columns) * 100}%`, width: `${100 / columns}%`, top };
  return (
    <li className="tile" aria-posinset={index + 1} aria-setsize={of} data-index={index} style={place}>
      <div className="thumbnail">
        <Link href={`/images/${id}${filter === '' ? '' : `?${filter}`}`} tabIndex={active ? 0 : -1} onKeyDown={move}>
          <Picture image={image} />
          <span className="file">{file}</span>
        </Link>
        <p className="label">
          <Marks synthetic={synthetic} /> {standing?.class ?? labelText(labels)}
        </p>
        {standing !== null && <Prediction standing={standing} />}
      </div>
    </li>
  );
});

function Picture({ image: { id, preparedSha256, rejection, stage } }: { image: ImageSummary }) {
  if (preparedSha256 === null) {
    return (
      <div className={`no-picture ${stage}`}>
        {rejection === null ? text.notPrepared : text.rejected(rejection.reason)}
      </div>
    );
  }
  const address = `/api/images/${id}/thumbnail?sha256=${preparedSha256}`;
  return <img src={address} alt="" decoding="async" width="160" height="160" />;
}
