import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { tryWhileSeen } from './try-while-seen';

const WAITS = [1000, 2000, 4000];

function hide(hidden: boolean): void {
  vi.spyOn(document, 'hidden', 'get').mockReturnValue(hidden);
  document.dispatchEvent(new Event('visibilitychange'));
}

function attempts(...results: (boolean | Error)[]) {
  const attempt = vi.fn<() => Promise<boolean>>();
  for (const result of results) {
    if (result instanceof Error) attempt.mockRejectedValueOnce(result);
    else attempt.mockResolvedValueOnce(result);
  }
  return attempt.mockResolvedValue(false);
}

describe('tryWhileSeen', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('tries later and later, and then no more', async () => {
    const attempt = attempts();
    tryWhileSeen(attempt, WAITS);
    const seen: number[] = [];
    for (let second = 1; second <= 20; second += 1) {
      await vi.advanceTimersByTimeAsync(1000);
      seen.push(attempt.mock.calls.length);
    }
    expect(seen.slice(0, 8)).toEqual([1, 1, 2, 2, 2, 2, 3, 3]);
    expect(seen.at(-1)).toBe(3);
  });

  it('ends with success, with an error, and when it is told to', async () => {
    const found = attempts(false, true);
    const failed = attempts(new Error('away'));
    const left = attempts();
    tryWhileSeen(found, WAITS);
    tryWhileSeen(failed, WAITS);
    const stop = tryWhileSeen(left, WAITS);
    await vi.advanceTimersByTimeAsync(1500);
    stop();
    await vi.advanceTimersByTimeAsync(20_000);
    expect([found, failed, left].map(({ mock }) => mock.calls.length)).toEqual([2, 1, 1]);
  });

  it('asks nothing while the page is hidden, and goes on when it is seen again', async () => {
    const attempt = attempts();
    tryWhileSeen(attempt, WAITS);
    hide(true);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(attempt).not.toHaveBeenCalled();
    hide(false);
    await vi.advanceTimersByTimeAsync(0);
    expect(attempt).toHaveBeenCalledOnce();
    await vi.advanceTimersByTimeAsync(2000);
    expect(attempt).toHaveBeenCalledTimes(2);
  });

  it('can be told to end while the page is hidden', async () => {
    const attempt = attempts();
    const stop = tryWhileSeen(attempt, WAITS);
    hide(true);
    await vi.advanceTimersByTimeAsync(5000);
    stop();
    hide(false);
    await vi.advanceTimersByTimeAsync(5000);
    expect(attempt).not.toHaveBeenCalled();
  });
});
