import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from '@tanstack/react-router';
import { readLogsSearch } from './features/logs/logs-search.ts';
import { readRunsSearch } from './features/runs/runs-search.ts';
import { readSourceSearch } from './features/sources/source-search.ts';
import { NotFound } from './ui/not-found.tsx';
import { Shell } from './ui/shell/shell.tsx';

const root = createRootRoute({ component: Shell, notFoundComponent: NotFound });
const page = { getParentRoute: () => root };

const routes = [
  createRoute({
    ...page,
    path: '/',
    beforeLoad: () => {
      throw redirect({ to: '/logs' });
    },
  }),
  createRoute({
    ...page,
    path: '/logs',
    validateSearch: readLogsSearch,
    component: lazyRouteComponent(() => import('./features/logs/logs-page.tsx'), 'LogsPage'),
  }),
  createRoute({
    ...page,
    path: '/sources',
    component: lazyRouteComponent(() => import('./features/sources/sources-page.tsx'), 'SourcesPage'),
  }),
  createRoute({
    ...page,
    path: '/sources/$id',
    validateSearch: readSourceSearch,
    component: lazyRouteComponent(() => import('./features/sources/source-page.tsx'), 'SourcePage'),
  }),
  createRoute({
    ...page,
    path: '/destinations',
    component: lazyRouteComponent(
      () => import('./features/destinations/destinations-page.tsx'),
      'DestinationsPage',
    ),
  }),
  createRoute({
    ...page,
    path: '/runs',
    validateSearch: readRunsSearch,
    component: lazyRouteComponent(() => import('./features/runs/runs-page.tsx'), 'RunsPage'),
  }),
  createRoute({
    ...page,
    path: '/settings',
    component: lazyRouteComponent(() => import('./features/settings/settings-page.tsx'), 'SettingsPage'),
  }),
];

/** A page is loaded when it is opened, and already when the pointer rests on its link. */
export const router = createRouter({ routeTree: root.addChildren(routes), defaultPreload: 'intent' });

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
