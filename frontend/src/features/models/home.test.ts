import { describe, expect, it } from 'vitest';

import { homeOf } from './home';
import type { Catalogue, Model, Provider } from './queries';

const lmstudio: Provider = { id: 'lmstudio', label: 'LM Studio', location: 'home', state: 'up', checked_at: null };
const guide: Provider = { ...lmstudio, id: 'guide', label: 'Guide (no AI)' };

function model(id: string, changes: Partial<Model> = {}): Model {
  const capabilities = { vision: false, tools: false, reasoning: false };
  return {
    id,
    provider: 'lmstudio',
    label: id,
    kind: 'chat',
    context_length: 8192,
    loaded: true,
    capabilities,
    location: 'home',
    ...changes,
  };
}

function home(catalogue: Catalogue, answering = false): string {
  const { lamp, words } = homeOf(catalogue, answering);
  return `${lamp}: ${words}`;
}

describe('homeOf', () => {
  it('is lit when a model is ready, and names it', () => {
    expect(home({ providers: [lmstudio], models: [model('Tiny')] })).toBe('lit: Tiny is ready');
    expect(home({ providers: [lmstudio], models: [model('a'), model('b', { loaded: null })] })).toBe('lit: 2 models are ready');
  });

  it('is dim when the server is up and nothing is loaded', () => {
    expect(home({ providers: [lmstudio], models: [model('a', { loaded: false })] })).toBe('dim: Asleep: the first question loads a model');
    expect(home({ providers: [lmstudio], models: [model('e', { kind: 'embedding' })] })).toBe('dim: Asleep: no model to load');
  });

  it('is out when no model server answers, whatever the Guide does', () => {
    const models = [model('guide', { provider: 'guide' })];
    expect(home({ providers: [{ ...lmstudio, state: 'down' }, guide], models })).toBe('out: The model at home is away');
  });

  it('breathes while it answers', () => {
    expect(home({ providers: [], models: [] }, true)).toBe('breathing: Answering');
  });
});
