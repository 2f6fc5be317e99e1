// Puts a theme on the page and remembers it for public/theme.js, which sets it before the first paint.
import { store } from './storage';

export type Theme = 'system' | 'light' | 'dark';

export function applyTheme(theme: Theme): void {
  store('omniai.theme', theme === 'system' ? null : theme);
  if (theme === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = theme;
}
