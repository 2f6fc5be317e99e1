// Names what is sent, so that sending it again after a lost line asks nothing twice. Knows no network.
import { randomId } from '../../../shared/lib/random-id';

type Submission = { said: string; key: string };

let unheard: Submission | null = null;

/** The same key for the same words until they are known to have arrived. */
export function submissionKey(path: string, body: unknown): string {
  const said = `${path}\n${JSON.stringify(body)}`;
  if (unheard?.said !== said) unheard = { said, key: randomId() };
  return unheard.key;
}

/** It arrived: the same words are a new question from now on. */
export function submissionHeard(): void {
  unheard = null;
}
