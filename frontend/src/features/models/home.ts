// The state of the machine at home, as the lamp shows it and as words say it, in the language that is spoken.
import type { LampState } from '../../shared/ui/lamp';
import { GUIDE, type Catalogue, type Model, type Provider } from './queries';
import { words as t } from './words/use-words';

export type Home = { lamp: LampState; words: string };

export function chatModels({ models }: Catalogue): Model[] {
  return models.filter(({ kind, provider }) => kind === 'chat' && provider !== GUIDE);
}

export function realProviders({ providers }: Catalogue): Provider[] {
  return providers.filter(({ id }) => id !== GUIDE);
}

export function hasGuide({ providers }: Catalogue): boolean {
  return providers.some(({ id }) => id === GUIDE);
}

export function homeOf(catalogue: Catalogue | undefined, answering: boolean): Home {
  if (answering) return { lamp: 'breathing', words: t('home.answering') };
  if (catalogue === undefined) return { lamp: 'dim', words: t('home.looking') };
  const models = chatModels(catalogue);
  // A server that does not tell what it has loaded is taken at its word that it serves the model.
  const ready = models.filter(({ loaded }) => loaded !== false);
  const [first] = ready;
  if (first !== undefined)
    return {
      lamp: 'lit',
      words: ready.length === 1 ? t('home.ready', { model: first.label }) : t('home.readyCount', { count: ready.length }),
    };
  if (models.length > 0) return { lamp: 'dim', words: t('home.asleep') };
  if (realProviders(catalogue).some(({ state }) => state === 'up')) return { lamp: 'dim', words: t('home.empty') };
  return { lamp: 'out', words: t('home.away') };
}
