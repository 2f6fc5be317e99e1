// Names what is sent, so that sending it again after a lost line asks nothing twice. Knows no network.

type Submission = { said: string; key: string };

let unheard: Submission | null = null;

/** The same key for the same words until they are known to have arrived. */
export function submissionKey(path: string, body: unknown): string {
  const said = `${path}\n${JSON.stringify(body)}`;
  if (unheard?.said !== said) unheard = { said, key: randomKey() };
  return unheard.key;
}

/** It arrived: the same words are a new question from now on. */
export function submissionHeard(): void {
  unheard = null;
}

/** Not `crypto.randomUUID`, which a page from plain http does not have. */
export function randomKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
