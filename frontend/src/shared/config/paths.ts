// Addresses of the page, all behind the hash. The one place that spells them.
export const paths = {
  newChat: '/',
  conversation: (id: string) => `/c/${encodeURIComponent(id)}`,
  /** What the addresses of conversations match. */
  anyConversation: '/c/:id',
  settings: '/settings',
  admin: '/admin',
  /** What the addresses of administration match. */
  anyAdmin: '/admin/*?',
  people: '/admin/people',
  person: (id: string) => `/admin/people/${encodeURIComponent(id)}`,
  /** What the addresses of people match. */
  anyPerson: '/admin/people/:id',
  invites: '/admin/invites',
  servers: '/admin/servers',
  usage: '/admin/usage',
  audit: '/admin/audit',
  signIn: '/sign-in',
  setUp: '/setup',
  join: '/join',
  reset: '/reset',
} as const;

export function hashOf(path: string): string {
  return `#${path}`;
}
