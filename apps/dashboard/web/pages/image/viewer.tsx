import type { GreyValues, ImageDetail } from '@xvision/contracts';
import { useRef, useState } from 'react';
import { type Grey, useGrey } from '../../api/grey-values.js';
import { Answered } from '../../parts/answers.js';
import { text } from '../../texts/image.js';
import { strideOf, useDrawing } from './drawing.js';
import { boundsOf, firstShown, type Shown } from './shown.js';
import { useHand } from './use-hand.js';
import { type Change, ViewerControls } from './viewer-controls.js';

const words = text.viewer;

/** The original at its own depth, with window and level, zoom and pan. */
export function Viewer({ image: { id, file } }: { image: ImageDetail }) {
  const grey = useGrey(id);
  return (
    <section aria-labelledby="original" className="panel viewer">
      <h2 id="original">{words.title}</h2>
      <Answered answer={grey} what={words.theOriginal}>
        {(found) => <Picture key={id} grey={found} file={file} />}
      </Answered>
      <a href={`/api/images/${id}/original`} download>
        {words.fetch}
      </a>
    </section>
  );
}

function Picture({ grey, file }: { grey: Grey; file: string }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [shown, setShown] = useState<Shown>(() => firstShown(grey.about));
  const [bounds] = useState(() => boundsOf(grey.about));
  const change: Change = setShown;
  useDrawing({ canvas, grey, shown });
  useHand(canvas, { change, bounds });
  return (
    <>
      <div className="screen">
        <canvas
          ref={canvas}
          // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- nobody can draw into an img
          role="img"
          aria-label={words.label(file)}
          style={{ transform: `translate(${shown.x}px, ${shown.y}px) scale(${shown.zoom})` }}
        />
      </div>
      <ViewerControls about={grey.about} bounds={bounds} shown={shown} change={change} />
      <Depth about={grey.about} />
    </>
  );
}

function Depth({ about }: { about: GreyValues }) {
  const stride = strideOf(about);
  return (
    <p className="hint">
      {words.depth(about.bitsStored, `${about.width} x ${about.height}`)}
      {about.inverted && ` ${words.monochrome1}`}
      {stride > 1 && ` ${words.thinned(stride)}`}
    </p>
  );
}
