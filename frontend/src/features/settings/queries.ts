// Changes of one's own profile.
import { api, given } from '../../shared/api/client';
import type { components } from '../../shared/api/generated/schema';

export type User = components['schemas']['UserOut'];
type Preferences = User['preferences'];

export async function saveDisplayName(name: string): Promise<User> {
  return given(await api.PATCH('/auth/me', { body: { display_name: name } }));
}

/** The wire takes the preferences as a whole. */
export async function saveTheme(preferences: Preferences, theme: Preferences['theme']): Promise<User> {
  return given(await api.PATCH('/auth/me', { body: { preferences: { ...preferences, theme } } }));
}
