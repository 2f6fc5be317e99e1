// Addresses of the page, all behind the hash. The one place that spells them.
export const paths = {
  newChat: '/',
  conversation: (id: string) => `/c/${encodeURIComponent(id)}`,
  /** What the addresses of conversations match. */
  anyConversation: '/c/:id',
  settings: '/settings',
  invites: '/admin/invites',
  signIn: '/sign-in',
  setUp: '/setup',
  join: '/join',
} as const;

export function hashOf(path: string): string {
  return `#${path}`;
}
