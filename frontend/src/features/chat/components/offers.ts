// What a sign offers to whoever types it in the box. Pure.

/** A stroke at the very beginning, an at before a word. */
export type Sign = '/' | '@';
export type Offer = {
  id: string;
  label: string;
  hint?: string;
  /** `insert` lays a text into the box, in the place of the sign and what followed it. */
  take(insert: (text: string) => void): void;
};
export type OffersFor = (sign: Sign, words: string) => readonly Offer[];

/** A sign with what is typed behind it, and where it stands in the box. */
export type Typed = { sign: Sign; words: string; from: number; to: number };

const LONGEST = 40;

export function typedAt(text: string, caret: number): Typed | null {
  const before = text.slice(0, caret);
  const found = /^(\/)([^\n/]*)$/.exec(before) ?? /(?:^|\s)(@)(\S*)$/.exec(before);
  const [, sign, words = ''] = found ?? [];
  if ((sign !== '/' && sign !== '@') || words.length > LONGEST) return null;
  return { sign, words, from: caret - words.length - 1, to: caret };
}

/** Every word of what was typed is in the name. */
export function answersTo(name: string, words: string): boolean {
  const lower = name.toLowerCase();
  return words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => lower.includes(word));
}
