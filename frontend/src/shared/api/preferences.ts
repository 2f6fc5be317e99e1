// One's own preferences on the server: a single one changed, the others as they are there.
import { api, given } from './client';
import type { components } from './generated/schema';

export type User = components['schemas']['UserOut'];
export type Preferences = User['preferences'];

/** The wire takes the preferences as a whole, so what they are now is asked for first. */
export async function changePreferences(change: Partial<Preferences> | ((now: Preferences) => Partial<Preferences>)): Promise<User> {
  const { preferences } = given(await api.GET('/auth/me'));
  const changed = typeof change === 'function' ? change(preferences) : change;
  return given(await api.PATCH('/auth/me', { body: { preferences: { ...preferences, ...changed } } }));
}
