import { type ComponentType, lazy } from 'react';
import type { text } from './texts/shell.js';

export interface PageProps {
  /** What stands behind the page's own path: an id, a name. */
  readonly id: string;
}

interface PageRoute {
  /** The first part of the path. */
  readonly path: string;
  readonly List: ComponentType;
  /** One of them; absent where the page has no parts of its own. */
  readonly One?: ComponentType<PageProps>;
}

/** Every page is fetched when it is first gone to. */
const ROUTES: readonly PageRoute[] = [
  { path: '', List: lazy(async () => ({ default: (await import('./pages/overview.js')).OverviewPage })) },
  {
    path: 'images',
    List: lazy(async () => ({ default: (await import('./pages/images.js')).ImagesPage })),
    One: lazy(async () => ({ default: (await import('./pages/image.js')).ImagePage })),
  },
  {
    path: 'models',
    List: lazy(async () => ({ default: (await import('./pages/models.js')).ModelsPage })),
    One: lazy(async () => ({ default: (await import('./pages/model.js')).ModelPage })),
  },
  {
    path: 'tasks',
    List: lazy(async () => ({ default: (await import('./pages/tasks.js')).TasksPage })),
    One: lazy(async () => ({ default: (await import('./pages/task.js')).TaskPage })),
  },
  {
    path: 'runs',
    List: lazy(async () => ({ default: (await import('./pages/runs.js')).RunsPage })),
    One: lazy(async () => ({ default: (await import('./pages/run.js')).RunPage })),
  },
  {
    path: 'events',
    List: lazy(async () => ({ default: (await import('./pages/events.js')).EventsPage })),
    One: lazy(async () => ({ default: (await import('./pages/event.js')).EventPage })),
  },
  {
    path: 'dead-letters',
    List: lazy(async () => ({ default: (await import('./pages/dead-letters.js')).DeadLettersPage })),
    One: lazy(async () => ({ default: (await import('./pages/dead-letter.js')).DeadLetterPage })),
  },
  { path: 'replay', List: lazy(async () => ({ default: (await import('./pages/replay.js')).ReplayPage })) },
  {
    path: 'api-reference',
    List: lazy(async () => ({ default: (await import('./pages/api-reference.js')).ApiReferencePage })),
  },
  { path: 'system', List: lazy(async () => ({ default: (await import('./pages/system.js')).SystemPage })) },
];

/** The pages in the order in which the frame names them; the work first, then what runs it. */
export const NAVIGATION: readonly (readonly [href: string, page: keyof typeof text.nav])[] = [
  ['/', 'overview'],
  ['/images', 'images'],
  ['/tasks', 'tasks'],
  ['/runs', 'runs'],
  ['/models', 'models'],
  ['/events', 'events'],
  ['/dead-letters', 'dead-letters'],
  ['/replay', 'replay'],
  ['/system', 'system'],
  ['/api-reference', 'api-reference'],
];

export function routeOf(pathname: string): { route: PageRoute; id: string | undefined } | undefined {
  const [, path = '', id, ...more] = pathname.split('/');
  const route = ROUTES.find((one) => one.path === path);
  if (route === undefined || more.length > 0 || (id !== undefined && route.One === undefined)) return undefined;
  return { route, id: id === '' ? undefined : id };
}

export function isAt(pathname: string, href: string): boolean {
  return href === '/' ? pathname === '/' : pathname === href || pathname.startsWith(`${href}/`);
}
