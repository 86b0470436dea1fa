import { useQueryClient } from '@tanstack/react-query';
import { useSession } from './api.js';
import { type Live, useLive } from './live.js';
import { FlowPage } from './pages/flow.js';
import { ImagePage } from './pages/image.js';
import { ImagesPage } from './pages/images.js';
import { RunPage } from './pages/run.js';
import { RunsPage } from './pages/runs.js';
import { Failure, Loading } from './parts/answers.js';
import { SignIn } from './parts/sign-in.js';
import { Link, useAddress } from './router.js';

const PAGES = [
  ['/', 'Flow'],
  ['/images', 'Images'],
  ['/runs', 'Runs'],
] as const;

/** Asks for a token first where the server wants one. */
export function App() {
  const session = useSession();
  const queries = useQueryClient();
  if (session.isPending) return <Loading what="the server" />;
  if (session.isError) return <Failure error={session.error} />;
  if (session.data.role === null) return <SignIn signedIn={() => void queries.invalidateQueries()} />;
  return <Shell />;
}

function Shell() {
  const live = useLive();
  const { pathname } = useAddress();
  return (
    <>
      <a className="skip" href="#content">
        Skip to content
      </a>
      <header className="top">
        <Link href="/" className="name">
          <img src="/icon.svg" alt="" width="24" height="24" /> Xvision
        </Link>
        <nav aria-label="Pages">
          {PAGES.map(([href, name]) => (
            <Link key={href} href={href} aria-current={isAt(pathname, href) ? 'page' : undefined}>
              {name}
            </Link>
          ))}
        </nav>
        <Connection live={live} />
      </header>
      <main id="content">
        <Page live={live} pathname={pathname} />
      </main>
      <footer>Research use only; not a medical device</footer>
    </>
  );
}

function isAt(pathname: string, href: string): boolean {
  return href === '/' ? pathname === '/' : pathname.startsWith(href);
}

function Connection({ live: { connected, pipeline } }: { live: Live }) {
  const state = connected ? 'live' : pipeline === undefined ? 'connecting' : 'connection lost, trying again';
  return <output className={connected ? 'connection live' : 'connection'}>{state}</output>;
}

function Page({ live, pathname }: { live: Live; pathname: string }) {
  const [, kind, id] = pathname.split('/');
  if (kind === '') return <FlowPage live={live} />;
  if (kind === 'images') return id === undefined ? <ImagesPage /> : <ImagePage id={id} />;
  if (kind === 'runs') return id === undefined ? <RunsPage /> : <RunPage id={id} />;
  return <p className="empty">There is no such page. The pages are named above.</p>;
}
