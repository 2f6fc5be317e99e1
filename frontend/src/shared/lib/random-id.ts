// Names that nothing else has. Not `crypto.randomUUID`, which a page from plain http does not have.
const BYTES = 16;

/** 32 hexadecimal digits. */
export function randomId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(BYTES)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
