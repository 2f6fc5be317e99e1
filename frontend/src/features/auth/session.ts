// Who is signed in, as a pure fold of what happened. Knows neither network nor React.
import type { ApiError } from '../../shared/api/errors';
import type { components } from '../../shared/api/generated/schema';

export type User = components['schemas']['UserOut'];
export type AuthConfig = components['schemas']['AuthConfig'];

/** What brought somebody to the sign-in. */
export type After = 'nothing' | 'signOut' | 'reset' | 'closing';

export type Session =
  | { is: 'opening' }
  | { is: 'unopened'; error: ApiError }
  | { is: 'signedOut'; config: AuthConfig; after: After }
  | { is: 'signedIn'; config: AuthConfig; user: User }
  /** The server ended the sign-in; the page stays as it is and asks for the password. */
  | { is: 'expired'; config: AuthConfig; user: User };

export type SessionEvent =
  | { type: 'opened'; config: AuthConfig; user: User | null }
  | { type: 'openingFailed'; error: ApiError }
  | { type: 'signedIn'; user: User }
  | { type: 'signedOut' }
  | { type: 'passwordReset' }
  | { type: 'accountClosed' }
  | { type: 'sessionEnded' }
  | { type: 'userChanged'; user: User };

export const opening: Session = { is: 'opening' };

export function reduceSession(session: Session, event: SessionEvent): Session {
  switch (event.type) {
    case 'opened':
      return event.user === null
        ? { is: 'signedOut', config: event.config, after: 'nothing' }
        : { is: 'signedIn', config: event.config, user: event.user };
    case 'openingFailed':
      return session.is === 'opening' || session.is === 'unopened' ? { is: 'unopened', error: event.error } : session;
    case 'signedIn':
      // Whoever signed in, an account exists from now on.
      return 'config' in session ? { is: 'signedIn', config: { ...session.config, setup_required: false }, user: event.user } : session;
    case 'signedOut':
      return 'config' in session ? { is: 'signedOut', config: session.config, after: 'signOut' } : session;
    case 'passwordReset':
      return 'config' in session ? { is: 'signedOut', config: session.config, after: 'reset' } : session;
    case 'accountClosed':
      return 'config' in session ? { is: 'signedOut', config: session.config, after: 'closing' } : session;
    case 'sessionEnded':
      return session.is === 'signedIn' ? { ...session, is: 'expired' } : session;
    case 'userChanged':
      return session.is === 'signedIn' || session.is === 'expired' ? { ...session, user: event.user } : session;
    default:
      return event satisfies never;
  }
}
