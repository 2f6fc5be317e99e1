import { act, cleanup, renderHook } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';

import { goTo, useHash } from '../../shared/lib/hash-location';
import { doorOf } from './door';
import { useResetToken } from './reset-token';

afterEach(() => {
  cleanup();
  window.history.replaceState(null, '', '#/');
});

describe('useResetToken', () => {
  it('keeps the token and clears the address', () => {
    goTo('/reset?token=abc');
    const { result, rerender } = renderHook(() => useResetToken(doorOf(useHash(), false)));
    expect(window.location.hash).toBe('#/reset');
    rerender();
    expect(result.current).toBe('abc');
  });

  it('takes the newer of two links, and forgets both on leaving', () => {
    goTo('/reset?token=abc');
    const { result } = renderHook(() => useResetToken(doorOf(useHash(), false)));
    act(() => goTo('/reset?token=def'));
    expect(result.current).toBe('def');
    act(() => goTo('/sign-in'));
    expect(result.current).toBeNull();
    act(() => goTo('/reset'));
    expect(result.current).toBeNull();
  });
});
