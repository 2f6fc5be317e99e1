// The keys that act on the thread: they press the buttons of the message in question, and go from question to question.
import type { RefObject } from 'react';

import { useKey } from '../../../shared/lib/use-key';

/** Room above a question that was gone to. */
const ABOVE = 16;

export function useThreadKeys(scroller: RefObject<HTMLElement | null>): void {
  const press = (within: string, button: string): boolean => {
    const found = inQuestion(scroller.current, within)?.querySelector<HTMLButtonElement>(button);
    if (!found || found.disabled) return false;
    found.click();
    return true;
  };
  useKey('copyAnswer', () => press('.answer', '[data-act=copy]'));
  useKey('copyCode', () => press('.code-block', '[data-act=copy-code]'));
  useKey('earlierVersion', () => press('.siblings', '[data-act=earlier]'));
  useKey('laterVersion', () => press('.siblings', '[data-act=later]'));
  useKey('previousQuestion', () => goTo(scroller.current, (tops) => tops.findLastIndex((top) => top < ABOVE - 1)));
  useKey('nextQuestion', () => goTo(scroller.current, (tops) => tops.findIndex((top) => top > ABOVE + 1)));
}

/** The one with the focus, else the last one in sight, else the last one. */
function inQuestion(scroller: HTMLElement | null, selector: string): HTMLElement | null {
  const all = [...(scroller?.querySelectorAll<HTMLElement>(selector) ?? [])];
  const focused = all.find((each) => each.contains(document.activeElement));
  const { top = 0, bottom = 0 } = scroller?.getBoundingClientRect() ?? {};
  const inSight = all.findLast((each) => {
    const box = each.getBoundingClientRect();
    return box.bottom > top && box.top < bottom;
  });
  return focused ?? inSight ?? all.at(-1) ?? null;
}

function goTo(scroller: HTMLElement | null, choose: (tops: number[]) => number): boolean {
  if (scroller === null) return false;
  const questions = [...scroller.querySelectorAll<HTMLElement>('.question')];
  const { top } = scroller.getBoundingClientRect();
  const question = questions[choose(questions.map((each) => each.getBoundingClientRect().top - top))];
  if (question === undefined) return false;
  scroller.scrollTop += question.getBoundingClientRect().top - top - ABOVE;
  question.tabIndex = -1;
  question.focus({ preventScroll: true });
  return true;
}
