import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { createFlush } from './flush';

function hide(hidden: boolean) {
  vi.spyOn(document, 'hidden', 'get').mockReturnValue(hidden);
}

describe('createFlush', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => {
    vi.useRealTimers();
    vi.restoreAllMocks();
  });

  it('hands on once per frame what came since the last', () => {
    const deliver = vi.fn<(items: number[]) => void>();
    const flush = createFlush<number>(deliver);
    flush.push(1);
    flush.push(2);
    expect(deliver).not.toHaveBeenCalled();
    vi.advanceTimersToNextFrame();
    expect(deliver.mock.calls).toEqual([[[1, 2]]]);
    flush.push(3);
    vi.advanceTimersToNextFrame();
    expect(deliver.mock.calls).toEqual([[[1, 2]], [[3]]]);
    vi.advanceTimersToNextFrame();
    expect(deliver).toHaveBeenCalledTimes(2);
  });

  it('uses a timer while the page is hidden', () => {
    hide(true);
    const frame = vi.spyOn(window, 'requestAnimationFrame');
    const deliver = vi.fn<(items: number[]) => void>();
    createFlush<number>(deliver).push(1);
    vi.advanceTimersByTime(300);
    expect(deliver).toHaveBeenCalledExactlyOnceWith([1]);
    expect(frame).not.toHaveBeenCalled();
  });

  it('does not wait for a frame that will not come', () => {
    const deliver = vi.fn<(items: number[]) => void>();
    createFlush<number>(deliver).push(1);
    hide(true);
    document.dispatchEvent(new Event('visibilitychange'));
    expect(deliver).toHaveBeenCalledExactlyOnceWith([1]);
  });

  it('hands on at once when told, and only once', () => {
    const deliver = vi.fn<(items: number[]) => void>();
    const flush = createFlush<number>(deliver);
    flush.push(1);
    flush.now();
    expect(deliver).toHaveBeenCalledExactlyOnceWith([1]);
    vi.advanceTimersByTime(1000);
    expect(deliver).toHaveBeenCalledOnce();
  });
});
