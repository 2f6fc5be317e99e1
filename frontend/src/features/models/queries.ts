// The model servers and what they offer. Keys are exported from here alone.
import { queryOptions } from '@tanstack/react-query';

import { api, given } from '../../shared/api/client';
import { ApiError } from '../../shared/api/errors';
import type { components } from '../../shared/api/generated/schema';

export type Provider = components['schemas']['ProviderOut'];
export type Model = components['schemas']['ModelOut'];
export type Catalogue = { providers: Provider[]; models: Model[] };
export type ModelChoice = { provider: string; model: string };

/** The scripted stand-in that the server offers in development; it is no model. */
export const GUIDE = 'guide';

const FRESH_MS = 30_000;

export const modelKeys = {
  all: ['models'] as const,
  catalogue: ['models', 'catalogue'] as const,
  resolved: (conversationId: string | null) => ['models', 'resolved', conversationId] as const,
};

/** The models first: asking for them makes the server look at its model servers, whose states come second. */
export const catalogueQuery = queryOptions({
  queryKey: modelKeys.catalogue,
  queryFn: async ({ signal }): Promise<Catalogue> => {
    const { items: models } = given(await api.GET('/models', { signal }));
    const { items: providers } = given(await api.GET('/providers', { signal }));
    return { providers, models };
  },
  staleTime: FRESH_MS,
});

/** Which model would answer next; null when none would. */
export function resolvedQuery(conversationId: string | null) {
  return queryOptions({
    queryKey: modelKeys.resolved(conversationId),
    queryFn: async ({ signal }): Promise<ModelChoice | null> => {
      const query = conversationId === null ? {} : { conversation_id: conversationId };
      try {
        const { provider, model } = given(await api.GET('/models/resolve', { params: { query }, signal }));
        return { provider, model };
      } catch (error) {
        if (error instanceof ApiError && NOBODY.has(error.code)) return null;
        throw error;
      }
    },
    staleTime: FRESH_MS,
  });
}

const NOBODY = new Set(['NO_MODELS_AVAILABLE', 'MODEL_NOT_FOUND', 'PROVIDER_NOT_FOUND', 'PROVIDER_UNREACHABLE']);

/** Makes the server ask its model servers now rather than remember. */
export async function askAgain(providers: readonly Provider[]): Promise<void> {
  const path = '/providers/{provider_id}/health';
  await Promise.all(providers.map(({ id }) => api.GET(path, { params: { path: { provider_id: id } } })));
}
