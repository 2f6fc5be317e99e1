// Stands before everything: opens the session, shows the doors to those outside, loads the inside for those within.
import { lazy, Suspense, useCallback, useEffect, useMemo, useReducer, type Dispatch } from 'react';

import { SignIn } from '../features/auth/components/sign-in';
import { doorOf } from '../features/auth/door';
import { open, signOut } from '../features/auth/queries';
import { useResetToken } from '../features/auth/reset-token';
import { opening, reduceSession, type Session, type SessionEvent, type User } from '../features/auth/session';
import { SignedInContext, type SignedIn } from '../features/auth/session-context';
import { connect, dropSignIn } from '../shared/api/client';
import { ApiError, backendAway } from '../shared/api/errors';
import { hashOf, paths } from '../shared/config/paths';
import { applyTheme } from '../shared/lib/theme';
import { useHash } from '../shared/lib/hash-location';
import { Opening } from './opening';
import { Unopened } from './unopened';

const SetUp = lazy(async () => ({ default: (await import('../features/auth/components/set-up')).SetUp }));
const Join = lazy(async () => ({ default: (await import('../features/auth/components/join')).Join }));
const Reset = lazy(async () => ({ default: (await import('../features/auth/components/reset')).Reset }));
const loadInside = () => import('./inside');
const Inside = lazy(async () => ({ default: (await loadInside()).Inside }));

export function Gate({ apiBaseUrl }: { apiBaseUrl: string }) {
  const [session, dispatch] = useReducer(reduceSession, opening);
  const resetToken = useResetToken(doorOf(useHash(), false));
  const tryOpening = useCallback(async (): Promise<void> => {
    try {
      dispatch({ type: 'opened', ...(await open()) });
    } catch (error) {
      dispatch({ type: 'openingFailed', error: error instanceof ApiError ? error : backendAway(error) });
    }
  }, []);
  useEffect(() => {
    connect(apiBaseUrl, window.location.origin, {
      onSignedOut: () => dispatch({ type: 'sessionEnded' }),
      onReplaced: () => window.location.reload(),
    });
    void tryOpening();
  }, [apiBaseUrl, tryOpening]);

  if (session.is === 'opening') return <Opening />;
  if (session.is === 'unopened') return <Unopened error={session.error} onRetry={tryOpening} />;
  return <Opened session={session} resetToken={resetToken} dispatch={dispatch} />;
}

type OpenedSession = Extract<Session, { config: unknown }>;

type OpenedProps = { session: OpenedSession; resetToken: string | null; dispatch: Dispatch<SessionEvent> };

function Opened({ session, resetToken, dispatch }: OpenedProps) {
  const door = doorOf(useHash(), session.config.setup_required);
  if (door.is === 'reset') {
    // Also for somebody who is signed in: the link ends that sign-in with all others.
    const onDone = (): void => {
      dropSignIn();
      window.location.replace(hashOf(paths.signIn));
      dispatch({ type: 'passwordReset' });
    };
    return (
      <Suspense fallback={<Opening />}>
        <Reset config={session.config} token={resetToken} onDone={onDone} />
      </Suspense>
    );
  }
  if (session.is === 'signedOut') return <Doors session={session} dispatch={dispatch} />;
  return <Within session={session} dispatch={dispatch} />;
}

type Outside = Extract<Session, { is: 'signedOut' }>;
type InsideSession = Extract<Session, { is: 'signedIn' | 'expired' }>;

function Doors({ session: { config, after }, dispatch }: { session: Outside; dispatch: Dispatch<SessionEvent> }) {
  const hash = useHash();
  const door = doorOf(hash, config.setup_required);
  const onSignedIn = (user: User): void => {
    // The address of a door, with its secret, must not stay in the history; any other one is where the person wanted to go.
    if (door.is !== 'signIn' || hash.startsWith(hashOf(paths.signIn)) || hash.startsWith(hashOf(paths.setUp))) goHome();
    dispatch({ type: 'signedIn', user });
  };
  return (
    // Whoever begins to type is about to come in.
    <div className="h-full" onInput={() => void loadInside()}>
      <Suspense fallback={<Opening />}>
        {door.is === 'setUp' && <SetUp config={config} token={door.token} onSignedIn={onSignedIn} />}
        {door.is === 'join' && <Join key={door.code} config={config} code={door.code} onSignedIn={onSignedIn} />}
        {door.is === 'signIn' && <SignIn config={config} after={after} onSignedIn={onSignedIn} />}
      </Suspense>
    </div>
  );
}

function Within({ session, dispatch }: { session: InsideSession; dispatch: Dispatch<SessionEvent> }) {
  const { user } = session;
  const theme = user.preferences.theme;
  useEffect(() => applyTheme(theme), [theme]);
  const signedIn = useMemo<SignedIn>(
    () => ({
      user,
      changeUser: (changed) => dispatch({ type: 'userChanged', user: changed }),
      signOut: async () => {
        await signOut();
        goHome();
        dispatch({ type: 'signedOut' });
      },
      leaveClosed: () => {
        dropSignIn();
        goHome();
        dispatch({ type: 'accountClosed' });
      },
    }),
    [user, dispatch],
  );
  const leave = (): void => {
    dropSignIn();
    goHome();
    dispatch({ type: 'signedOut' });
  };
  return (
    <SignedInContext value={signedIn}>
      <Suspense fallback={<Opening />}>
        <Inside
          key={user.id}
          user={user}
          expired={session.is === 'expired' ? session : null}
          onSignedIn={(again) => dispatch({ type: 'signedIn', user: again })}
          onLeave={leave}
        />
      </Suspense>
    </SignedInContext>
  );
}

function goHome(): void {
  window.location.replace(hashOf(paths.newChat));
}
