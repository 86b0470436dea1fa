import type { ImageDetail } from '@xvision/contracts';
import { useImage } from '../api/images.js';
import type { PageProps } from '../navigation.js';
import { Answered } from '../parts/answers.js';
import { Marks } from '../parts/marks.js';
import { text } from '../texts/image.js';
import { Events } from './image/events.js';
import { Explanation } from './image/explanation.js';
import { Lineage } from './image/lineage.js';
import { Neighbours } from './image/neighbours.js';
import { Scores } from './image/scores.js';
import { Viewer } from './image/viewer.js';

export function ImagePage({ id }: PageProps) {
  const image = useImage(id);
  return (
    <>
      <Neighbours id={id} />
      <Answered answer={image} what={text.theImage} title={text.title}>
        {(found) => <ImageView key={found.id} image={found} />}
      </Answered>
    </>
  );
}

function ImageView({ image }: { image: ImageDetail }) {
  const { file, synthetic, rejection } = image;
  const untrained = image.features.some((feature) => feature.trained === false);
  return (
    <>
      <h1>
        {file} <Marks synthetic={synthetic} untrained={untrained} />
      </h1>
      {rejection !== null && <p className="failure">{text.rejected(rejection.reason, rejection.message)}</p>}
      <div className="pictures">
        <Viewer image={image} />
        <Prepared image={image} />
      </div>
      <Scores image={image} />
      <Explanation image={image} />
      <Lineage image={image} />
      <Events id={image.id} />
    </>
  );
}

function Prepared({ image: { id, file, prepared } }: { image: ImageDetail }) {
  const words = text.prepared;
  return (
    <section aria-labelledby="prepared" className="panel">
      <h2 id="prepared">{words.title}</h2>
      {prepared === null ? (
        <p className="empty">{words.none}</p>
      ) : (
        <figure>
          <img
            src={`/api/images/${id}/prepared?sha256=${prepared.sha256}`}
            alt={words.label(file)}
            width="224"
            height="224"
          />
          <figcaption>{words.size}</figcaption>
        </figure>
      )}
    </section>
  );
}
