// What every page inside needs around it: the query cache and the news at the foot. One cache per signed-in person.
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';

import { ApiError } from '../shared/api/errors';
import { ToastProvider } from '../shared/ui/toast';

export function Providers({ children }: { children: ReactNode }) {
  const [queries] = useState(makeQueries);
  return (
    <QueryClientProvider client={queries}>
      <ToastProvider>{children}</ToastProvider>
    </QueryClientProvider>
  );
}

function makeQueries(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      // The client finds out for itself whether the backend is there; the browser's idea of "online" knows no loopback.
      queries: { networkMode: 'always', retry: isWorthRetrying, staleTime: 10_000 },
      mutations: { networkMode: 'always' },
    },
  });
}

/** A backend that is away is asked again by the banner, a refusal would be repeated. */
function isWorthRetrying(failures: number, error: Error): boolean {
  return failures < 1 && error instanceof ApiError && error.status >= 500 && error.retryAfter === null;
}
