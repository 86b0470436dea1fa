import { useVirtualizer } from '@tanstack/react-virtual';
import type { ImageSummary } from '@xvision/contracts';
import { type KeyboardEvent, useCallback, useEffect, useRef, useState } from 'react';
import { text } from '../../texts/images.js';
import { Tile } from './tile.js';

/** In CSS pixels; the style sheet draws tiles of this size. */
const TILE_WIDTH = 176;
const TILE_HEIGHT = 286;

/** Rows drawn beyond what is seen, and how near the end of what is known more is fetched. */
const OVERSCAN = 2;
const FETCH_AHEAD = 12;

interface GalleryProps {
  readonly images: readonly ImageSummary[];
  readonly filter: string;
  readonly more: boolean;
  readonly fetchMore: () => void;
}

/** Only the rows that are seen are in the document, however many there are. */
export function Gallery({ images, filter, more, fetchMore }: GalleryProps) {
  const frame = useRef<HTMLDivElement>(null);
  const columns = useColumns(frame);
  const rows = Math.ceil(images.length / columns);
  // oxlint-disable-next-line react/incompatible-library -- its functions are called here and in effects, memoised nowhere
  const virtual = useVirtualizer({
    count: rows,
    getScrollElement: () => frame.current,
    estimateSize: () => TILE_HEIGHT,
    overscan: OVERSCAN,
  });
  const seen = virtual.getVirtualItems();
  const last = seen.at(-1)?.index ?? 0;
  useEffect(() => {
    if (more && last >= rows - FETCH_AHEAD) fetchMore();
  }, [more, last, rows, fetchMore]);
  const { active, move } = useMovingFocus(frame, { columns, count: images.length, show: virtual.scrollToIndex });
  return (
    <>
      <p className="hint">{text.keys}</p>
      <div className="gallery-frame" ref={frame}>
        <ul className="gallery-run" aria-label={text.gallery} style={{ height: virtual.getTotalSize() }}>
          {seen.flatMap((row) =>
            images.slice(row.index * columns, (row.index + 1) * columns).map((image, column) => {
              const index = row.index * columns + column;
              return (
                <Tile
                  key={image.id}
                  image={image}
                  filter={filter}
                  index={index}
                  of={more ? -1 : images.length}
                  active={index === active}
                  move={move}
                  columns={columns}
                  top={row.start}
                />
              );
            }),
          )}
        </ul>
      </div>
    </>
  );
}

function useColumns(frame: React.RefObject<HTMLDivElement | null>): number {
  const [columns, setColumns] = useState(6);
  useEffect(() => {
    const element = frame.current;
    if (element === null) return undefined;
    const observer = new ResizeObserver(() => {
      setColumns(Math.max(1, Math.floor(element.clientWidth / TILE_WIDTH)));
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [frame]);
  return columns;
}

interface Grid {
  readonly columns: number;
  readonly count: number;
  readonly show: (row: number) => void;
}

/** One tile is in the order of tabs; arrows, Home, End and the page keys make it another. */
function useMovingFocus(frame: React.RefObject<HTMLDivElement | null>, { columns, count, show }: Grid) {
  const [active, setActive] = useState(0);
  const wanted = useRef(false);
  useEffect(() => {
    if (!wanted.current) return undefined;
    wanted.current = false;
    show(Math.floor(active / columns));
    // The row is drawn by the scroll that was just asked for.
    const waiting = requestAnimationFrame(() => {
      frame.current?.querySelector<HTMLElement>(`[data-index="${active}"] a`)?.focus({ preventScroll: true });
    });
    return () => cancelAnimationFrame(waiting);
  }, [active, columns, frame, show]);
  const move = useCallback(
    (event: KeyboardEvent) => {
      const screen = columns * 3;
      const steps: Readonly<Record<string, number>> = {
        ArrowRight: 1,
        ArrowLeft: -1,
        ArrowDown: columns,
        ArrowUp: -columns,
        PageDown: screen,
        PageUp: -screen,
        Home: -count,
        End: count,
      };
      const step = steps[event.key];
      if (step === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      wanted.current = true;
      setActive((now) => Math.min(count - 1, Math.max(0, now + step)));
    },
    [columns, count],
  );
  return { active: Math.min(active, count - 1), move };
}
