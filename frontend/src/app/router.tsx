// The addresses of the inside, all behind the hash, each loaded when it is first visited.
import { createHashRouter, Navigate } from 'react-router';

import { paths } from '../shared/config/paths';
import { Failed } from './error-boundary';
import { Shell } from './shell';

const loadChat = () => import('../routes/chat');

export const router = createHashRouter([
  {
    element: <Shell />,
    errorElement: <Failed />,
    hydrateFallbackElement: <></>,
    children: [
      {
        // One view for both addresses: a new conversation must not be built anew when it gets its own.
        lazy: async () => ({ Component: (await loadChat()).ChatRoute }),
        children: [paths.newChat, paths.anyConversation].map((path) => ({ path, element: <></> })),
      },
      { path: paths.settings, lazy: async () => ({ Component: (await import('../routes/settings')).SettingsRoute }) },
      {
        path: paths.admin,
        lazy: async () => ({ Component: (await import('../routes/admin')).AdminRoute }),
        children: [
          { index: true, lazy: async () => ({ Component: (await import('../routes/admin-overview')).AdminOverviewRoute }) },
          { path: paths.people, lazy: async () => ({ Component: (await import('../routes/admin-people')).AdminPeopleRoute }) },
          { path: paths.anyPerson, lazy: async () => ({ Component: (await import('../routes/admin-person')).AdminPersonRoute }) },
          { path: paths.invites, lazy: async () => ({ Component: (await import('../routes/invites')).InvitesRoute }) },
          { path: paths.usage, lazy: async () => ({ Component: (await import('../routes/admin-usage')).AdminUsageRoute }) },
          { path: paths.audit, lazy: async () => ({ Component: (await import('../routes/admin-audit')).AdminAuditRoute }) },
        ],
      },
      { path: paths.join, lazy: async () => ({ Component: (await import('../routes/joined')).JoinedRoute }) },
      ...[paths.signIn, paths.setUp].map((path) => ({ path, element: <Navigate to={paths.newChat} replace /> })),
      { path: '*', lazy: async () => ({ Component: (await import('../routes/nowhere')).NowhereRoute }) },
    ],
  },
]);
