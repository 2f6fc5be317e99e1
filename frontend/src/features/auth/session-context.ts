// Hands the signed-in person and what they can do about it to the pages inside.
import { createContext, use } from 'react';

import type { User } from './session';

export type SignedIn = {
  user: User;
  changeUser(user: User): void;
  signOut(): Promise<void>;
  /** The account is no more: leads out without asking the server for anything. */
  leaveClosed(): void;
};

export const SignedInContext = createContext<SignedIn | null>(null);

export function useSignedIn(): SignedIn {
  const signedIn = use(SignedInContext);
  if (signedIn === null) throw new Error('Nobody is signed in here');
  return signedIn;
}
