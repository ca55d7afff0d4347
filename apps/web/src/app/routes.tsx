import { createBrowserRouter } from 'react-router';
import { NotFoundPage } from './not-found-page.tsx';
import { RouteError } from './route-error.tsx';
import { SignedIn } from './signed-in.tsx';

/** `handle.fill` gives a page the whole window under the bar, without a page scroll. */
export const router = createBrowserRouter([
  {
    ErrorBoundary: RouteError,
    HydrateFallback: () => null,
    children: [
      { path: '/sign-in', lazy: async () => ({ Component: (await import('../features/account/sign-in-page.tsx')).SignInPage }) },
      {
        Component: SignedIn,
        children: [
          {
            ErrorBoundary: RouteError,
            children: [
              { index: true, lazy: async () => ({ Component: (await import('../features/dataflows/dashboard-page.tsx')).DashboardPage }) },
              {
                path: '/dataflows/new',
                lazy: async () => ({ Component: (await import('../features/dataflows/create/create-page.tsx')).CreatePage }),
              },
              {
                path: '/dataflows/:id',
                handle: { fill: true },
                lazy: async () => ({ Component: (await import('./studio-route.tsx')).StudioRoute }),
              },
              {
                path: '/dataflows/:id/jobs',
                lazy: async () => ({ Component: (await import('../features/jobs/history/history-page.tsx')).HistoryPage }),
              },
              { path: '/jobs', lazy: async () => ({ Component: (await import('../features/jobs/history/history-page.tsx')).HistoryPage }) },
              { path: '/jobs/:id', lazy: async () => ({ Component: (await import('../features/jobs/details/job-page.tsx')).JobPage }) },
              { path: '/account', lazy: async () => ({ Component: (await import('../features/account/account-page.tsx')).AccountPage }) },
              { path: '*', Component: NotFoundPage },
            ],
          },
        ],
      },
    ],
  },
]);
