// What a key means in a box that a question is written in.

export type ComposerKey = {
  key: string;
  shiftKey: boolean;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  isComposing: boolean;
  keyCode: number;
};

/** Some browsers end the composition before they tell of the Enter that ended it; they mark that key with this code. */
const COMPOSING_CODE = 229;

/** On a touch keyboard Enter breaks the line; a send there is a tap. */
export function sends(event: ComposerKey, coarse: boolean): boolean {
  if (event.key !== 'Enter' || event.isComposing || event.keyCode === COMPOSING_CODE) return false;
  if (event.ctrlKey || event.metaKey) return true;
  return !coarse && !event.shiftKey && !event.altKey;
}

export function editsLast({ key, shiftKey, ctrlKey, metaKey, altKey, isComposing }: ComposerKey): boolean {
  return key === 'ArrowUp' && !(shiftKey || ctrlKey || metaKey || altKey || isComposing);
}

export function isCoarse(): boolean {
  return window.matchMedia('(pointer: coarse)').matches;
}
