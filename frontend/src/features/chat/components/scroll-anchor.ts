// Where the thread stands while it grows: follows its end only while the person is there. Knows no message.
import { useCallback, useEffect, useMemo, useRef, useState, type RefObject } from 'react';

import { useChange } from './use-change';

const PIN_WITHIN = 60;
const UNPIN_BEYOND = 3;
const FAR_BEYOND = 200;
const KEYS_UP = new Set(['ArrowUp', 'PageUp', 'Home']);

/** An element of the content, also after it has changed. */
type Find = (content: Element) => Element | undefined;

export type ScrollAnchor = {
  scroller: RefObject<HTMLDivElement | null>;
  content: RefObject<HTMLDivElement | null>;
  /** The end is far enough away for a button that leads there. */
  far: boolean;
  toEnd(): void;
  /** Keep an element where it stands over the next change of the content. */
  hold(find: Find): void;
};

/** `version` changes whenever what is shown is another branch or another reading of it. */
export function useScrollAnchor(version: unknown): ScrollAnchor {
  const scroller = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const place = useRef<Place>({ pinned: true, expected: 0 });
  const held = useRef<{ find: Find; top: number } | null>(null);
  const [far, setFar] = useState(false);

  const toEnd = useCallback(() => {
    const view = scroller.current;
    if (!view) return;
    view.scrollTop = view.scrollHeight;
    place.current = { pinned: true, expected: view.scrollTop };
    setFar(false);
  }, []);

  const hold = useCallback((find: Find) => {
    const element = content.current && find(content.current);
    if (!element) return;
    held.current = { find, top: element.getBoundingClientRect().top };
    place.current.pinned = false;
  }, []);

  useChange(version, () => {
    const view = scroller.current;
    const element = held.current && content.current && held.current.find(content.current);
    if (view && element && held.current) {
      view.scrollTop += element.getBoundingClientRect().top - held.current.top;
      place.current.expected = view.scrollTop;
    }
    held.current = null;
  });

  useEffect(() => {
    const view = scroller.current;
    const inside = content.current;
    if (!view || !inside) return;
    const unwatch = watchGestures(view, place, setFar);
    const sizes = new ResizeObserver(() => {
      view.style.setProperty('--thread-height', `${view.clientHeight}px`);
      if (place.current.pinned) toEnd();
      else setFar(distance(view) > FAR_BEYOND);
    });
    sizes.observe(view);
    sizes.observe(inside);
    return () => {
      unwatch();
      sizes.disconnect();
    };
  }, [toEnd]);

  return useMemo(() => ({ scroller, content, far, toEnd, hold }), [far, toEnd, hold]);
}

type Place = { pinned: boolean; expected: number };

function distance(view: HTMLElement): number {
  return view.scrollHeight - view.clientHeight - view.scrollTop;
}

/** The page's own scrolling always lands where it was expected, so every other move is the person's. */
export function placeAfterScroll(place: Place, top: number, toEnd: number): Place {
  const moved = top - place.expected;
  if (Math.abs(moved) <= 1) return place;
  if (moved > 0) return { pinned: place.pinned || toEnd <= PIN_WITHIN, expected: top };
  // Content that shrank moves the view up as well, but leaves it at the end.
  if (toEnd <= 1) return { ...place, expected: top };
  return moved < -UNPIN_BEYOND ? { pinned: false, expected: top } : place;
}

function watchGestures(view: HTMLElement, place: RefObject<Place>, setFar: (far: boolean) => void): () => void {
  let touchedAt = 0;
  const unpin = () => {
    if (view.scrollTop > 0) place.current.pinned = false;
  };
  const onScroll = () => {
    const toEnd = distance(view);
    place.current = placeAfterScroll(place.current, view.scrollTop, toEnd);
    setFar(toEnd > FAR_BEYOND);
  };
  const onWheel = (event: WheelEvent) => event.deltaY < 0 && !event.ctrlKey && unpin();
  const onTouchStart = (event: TouchEvent) => (touchedAt = event.touches[0]?.clientY ?? 0);
  const onTouchMove = (event: TouchEvent) => (event.touches[0]?.clientY ?? 0) - touchedAt > UNPIN_BEYOND && unpin();
  const onKey = (event: KeyboardEvent) => KEYS_UP.has(event.key) && unpin();
  const passive = { passive: true };
  view.addEventListener('scroll', onScroll, passive);
  view.addEventListener('wheel', onWheel, passive);
  view.addEventListener('touchstart', onTouchStart, passive);
  view.addEventListener('touchmove', onTouchMove, passive);
  view.addEventListener('keydown', onKey);
  return () => {
    view.removeEventListener('scroll', onScroll);
    view.removeEventListener('wheel', onWheel);
    view.removeEventListener('touchstart', onTouchStart);
    view.removeEventListener('touchmove', onTouchMove);
    view.removeEventListener('keydown', onKey);
  };
}
