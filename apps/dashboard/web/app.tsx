import { useQueryClient } from '@tanstack/react-query';
import { Suspense } from 'react';
import { useSession } from './api/session.js';
import { LiveContext, useFollowedPipeline } from './live.js';
import { routeOf } from './navigation.js';
import { Failure, Loading } from './parts/answers.js';
import { Broken } from './parts/broken.js';
import { SideBar } from './parts/side-bar.js';
import { SignIn } from './parts/sign-in.js';
import { useAddress } from './router.js';
import { text } from './texts/shell.js';

/** Asks for a token first where the server wants one. */
export function App() {
  const session = useSession();
  const queries = useQueryClient();
  if (session.isPending) return <Loading what={text.server} />;
  if (session.data === undefined) return <Failure error={session.error} />;
  if (session.data.role === null) return <SignIn signedIn={() => void queries.invalidateQueries()} />;
  return <Shell />;
}

function Shell() {
  const live = useFollowedPipeline();
  const { pathname } = useAddress();
  return (
    <LiveContext value={live}>
      <a className="skip" href="#content">
        {text.skip}
      </a>
      <div className="frame">
        <SideBar pathname={pathname} />
        <main id="content" tabIndex={-1}>
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
  if (found === undefined) return <p className="empty">{text.noPage}</p>;
  const { List, One } = found.route;
  return found.id === undefined || One === undefined ? <List /> : <One id={found.id} />;
}
