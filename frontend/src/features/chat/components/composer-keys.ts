// What a key means in a box that a question is written in.
import { isComposing } from '../../../shared/lib/keys';

export type ComposerKey = {
  key: string;
  shiftKey: boolean;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  isComposing: boolean;
  keyCode: number;
};

/** On a touch keyboard Enter breaks the line; a send there is a tap. */
export function sends(event: ComposerKey, coarse: boolean): boolean {
  if (event.key !== 'Enter' || isComposing(event)) return false;
  if (event.ctrlKey || event.metaKey) return true;
  return !coarse && !event.shiftKey && !event.altKey;
}

export function editsLast(event: ComposerKey): boolean {
  const { key, shiftKey, ctrlKey, metaKey, altKey } = event;
  return key === 'ArrowUp' && !(shiftKey || ctrlKey || metaKey || altKey || isComposing(event));
}

export function isCoarse(): boolean {
  return window.matchMedia('(pointer: coarse)').matches;
}
