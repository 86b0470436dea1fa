import { useQueryClient } from '@tanstack/react-query';
import { useGallery, useImageCount } from '../api/images.js';
import { Answered, NotFetched } from '../parts/answers.js';
import { Notice } from '../parts/marks.js';
import { go, useAddress } from '../router.js';
import { text } from '../texts/images.js';
import { count } from '../words.js';
import { filterOf } from './images/filter-of.js';
import { Filters } from './images/filters.js';
import { Gallery } from './images/gallery.js';
import { SearchBox } from './images/search-box.js';

/** The filter is in the address: what is seen can be sent to somebody else. */
export function ImagesPage() {
  const address = useAddress();
  const filter = filterOf(address);
  return (
    <div className="images-page">
      <div className="heading">
        <h1>{text.title}</h1>
        <Count filter={filter} />
      </div>
      <div className="filters">
        <SearchBox address={address} />
        <Filters address={address} />
      </div>
      {address.searchParams.has('run') && <Notice />}
      <Found key={filter} filter={filter} />
    </div>
  );
}

function Count({ filter }: { filter: string }) {
  const queries = useQueryClient();
  const answer = useImageCount(filter).data;
  return (
    <div className="acts">
      <output>
        {answer !== undefined && (answer.exact ? text.count(count(answer.count)) : text.about(count(answer.count)))}
      </output>
      <button
        type="button"
        className="quiet"
        onClick={() => void queries.resetQueries({ queryKey: ['gallery', filter] })}
      >
        {text.refresh}
      </button>
      {filter !== '' && (
        <button type="button" onClick={() => go('/images')}>
          {text.clear}
        </button>
      )}
    </div>
  );
}

function Found({ filter }: { filter: string }) {
  const gallery = useGallery(filter);
  const { data, error, hasNextPage, isFetchingNextPage, fetchNextPage } = gallery;
  if (data === undefined)
    return (
      <Answered answer={gallery} what={text.theImages}>
        {() => null}
      </Answered>
    );
  const images = data.pages.flatMap((page) => page.items);
  if (images.length === 0) return <p className="empty">{filter === '' ? text.noImages : text.none}</p>;
  return (
    <>
      {error !== null && <NotFetched what={text.theImages} error={error} again={fetchNextPage} />}
      <Gallery
        images={images}
        filter={filter}
        more={hasNextPage}
        fetchMore={() => {
          if (!isFetchingNextPage && error === null) void fetchNextPage();
        }}
      />
    </>
  );
}
