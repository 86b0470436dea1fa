import { useQueryClient } from '@tanstack/react-query';
import { signOut, useSession } from '../api/session.js';
import { useLive } from '../live.js';
import { isAt, NAVIGATION } from '../navigation.js';
import { Link } from '../router.js';
import { text } from '../texts/shell.js';
import { type Theme, useTheme } from '../theme.js';
import { count } from '../words.js';

export function SideBar({ pathname }: { pathname: string }) {
  return (
    <header className="side">
      <Link href="/" className="name">
        <img src="/icon.svg" alt="" width="24" height="24" /> {text.name}
      </Link>
      <nav aria-label={text.pages}>
        {NAVIGATION.map(([href, page]) => (
          <Link key={href} href={href} aria-current={isAt(pathname, href) ? 'page' : undefined}>
            {text.nav[page]}
            {href === '/dead-letters' && <OpenLetters />}
          </Link>
        ))}
      </nav>
      <div className="standing">
        <Connection />
        <ThemeChoice />
        <WhoAmI />
        <p className="notice">{text.notice}</p>
      </div>
    </header>
  );
}

function OpenLetters() {
  const open = useLive().pipeline?.deadLettersOpen ?? 0;
  return open === 0 ? null : <span className="badge">{text.openLetters(count(open))}</span>;
}

function Connection() {
  const { connected, failed } = useLive();
  const state = connected ? 'live' : failed ? 'lost' : 'connecting';
  return <output className={`connection ${state}`}>{text.connection[state]}</output>;
}

function ThemeChoice() {
  const [theme, choose] = useTheme();
  return (
    <label className="theme">
      <span>{text.theme}</span>
      <select value={theme} onChange={(event) => choose(event.target.value as Theme)}>
        {Object.entries(text.themes).map(([value, name]) => (
          <option key={value} value={value}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}

/** Nothing to say where nobody is asked who he is. */
function WhoAmI() {
  const session = useSession().data;
  const queries = useQueryClient();
  if (session === undefined || session.authentication === 'none' || session.role === null) return null;
  return (
    <p className="who">
      <span>{text.signedInAs(session.name ?? '', session.role)}</span>
      <button type="button" className="quiet" onClick={() => void signOut().then(() => queries.resetQueries())}>
        {text.signOut}
      </button>
    </p>
  );
}
