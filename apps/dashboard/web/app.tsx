import { useQueryClient } from '@tanstack/react-query';
import { Suspense, useRef } from 'react';
import { useSession } from './api/session.js';
import { useArrival } from './arrival.js';
import { LiveContext, useFollowedPipeline } from './live.js';
import { routeOf } from './navigation.js';
import { Loading, NotFetched } from './parts/answers.js';
import { Broken } from './parts/broken.js';
import { SideBar } from './parts/side-bar.js';
import { SignIn } from './parts/sign-in.js';
import { Link, useAddress } from './router.js';
import { text } from './texts/shell.js';

/** Asks for a token first where the server wants one. */
export function App() {
  const session = useSession();
  const queries = useQueryClient();
  if (session.isPending) {
    return (
      <main className="sign-in">
        <Loading what={text.server} title={text.name} />
      </main>
    );
  }
  if (session.data === undefined) {
    return (
      <main className="sign-in">
        <h1>{text.name}</h1>
        <NotFetched what={text.server} error={session.error} again={session.refetch} />
      </main>
    );
  }
  if (session.data.role === null) return <SignIn signedIn={() => void queries.invalidateQueries()} />;
  return <Shell />;
}

function Shell() {
  const live = useFollowedPipeline();
  const { pathname } = useAddress();
  const page = useRef<HTMLElement>(null);
  useArrival(pathname, page);
  return (
    <LiveContext value={live}>
      <a className="skip" href="#content">
        {text.skip}
      </a>
      <div className="frame">
        <SideBar pathname={pathname} />
        <main id="content" ref={page} tabIndex={-1}>
          <Broken key={pathname}>
            <Suspense fallback={<Loading what={text.page} />}>
              <Page pathname={pathname} />
            </Suspense>
          </Broken>
        </main>
      </div>
    </LiveContext>
  );
}

function Page({ pathname }: { pathname: string }) {
  const found = routeOf(pathname);
  if (found === undefined) return <NoPage pathname={pathname} />;
  const { List, One } = found.route;
  return found.id === undefined || One === undefined ? <List /> : <One id={found.id} />;
}

function NoPage({ pathname }: { pathname: string }) {
  return (
    <>
      <h1>{text.noPageTitle}</h1>
      <p className="empty">
        {text.noPage(pathname)} <Link href="/">{text.nav.overview}</Link>.
      </p>
    </>
  );
}
