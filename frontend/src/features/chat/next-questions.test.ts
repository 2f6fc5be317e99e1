import { act, cleanup, renderHook } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { forgetDrafts } from './drafts';
import { useNextQuestions, type NextQuestion } from './next-questions';

const mount = (id: string | null) => renderHook(({ at }) => useNextQuestions('mia', at), { initialProps: { at: id } });
const question = (key: string, more: Partial<NextQuestion> = {}): NextQuestion => ({
  key,
  text: `text of ${key}`,
  at: Date.now(),
  tries: 0,
  held: false,
  body: null,
  after: null,
  ...more,
});
const keys = (all: readonly NextQuestion[]) => all.map(({ key, held }) => (held ? `${key}, held` : key));

beforeEach(() => localStorage.clear());
afterEach(cleanup);

describe('useNextQuestions', () => {
  it('keeps them in order over a reload, each in its conversation', () => {
    const { result } = mount('c1');
    act(() => result.current.put(question('a')));
    act(() => result.current.put(question('b')));
    act(() => result.current.put(question('a', { text: 'other words' })));
    expect(mount('c1').result.current.all).toMatchObject([{ key: 'a', text: 'other words' }, { key: 'b' }]);
    expect(mount('c2').result.current.all).toEqual([]);
    act(() => result.current.drop('a'));
    expect(keys(mount('c1').result.current.all)).toEqual(['b']);
  });

  it('waits for a word with what was sent, is old, has no conversation or was held, when the page comes back', () => {
    const { result } = mount('c1');
    act(() => result.current.put(question('fresh')));
    act(() => result.current.put(question('sent', { tries: 1 })));
    act(() => result.current.put(question('old', { at: Date.now() - 700_000 })));
    expect(keys(result.current.all)).toEqual(['fresh', 'sent', 'old']);
    expect(keys(mount('c1').result.current.all)).toEqual(['fresh', 'sent, held', 'old, held']);
    act(() => result.current.hold(true));
    expect(keys(mount('c1').result.current.all)).toEqual(['fresh, held', 'sent, held', 'old, held']);
    const fresh = mount(null);
    act(() => fresh.result.current.put(question('new')));
    expect(keys(mount(null).result.current.all)).toEqual(['new, held']);
  });

  it('takes nothing from another tab, and asks nothing of its own accord that is another’s', () => {
    const [here, there] = [mount('c1'), mount('c1')];
    act(() => here.result.current.put(question('mine')));
    act(() => there.result.current.put(question('theirs')));
    act(() => void window.dispatchEvent(new StorageEvent('storage', { key: 'omniai:draft:mia:c1:next' })));
    expect(keys(here.result.current.all)).toEqual(['mine', 'theirs, held']);
    expect(keys(there.result.current.all)).toEqual(['mine, held', 'theirs']);
    act(() => there.result.current.drop('mine'));
    act(() => void window.dispatchEvent(new StorageEvent('storage', { key: 'omniai:draft:mia:c1:next' })));
    expect(keys(here.result.current.all)).toEqual(['theirs, held']);
  });

  it('goes with a new conversation to its address, and leaves there what is another’s', () => {
    const { result, rerender } = mount(null);
    act(() => result.current.put(question('a')));
    const other = mount(null);
    act(() => other.result.current.put(question('theirs')));
    act(() => result.current.put(question('b')));
    act(() => result.current.accept('b', 'c1'));
    rerender({ at: 'c1' });
    expect(keys(result.current.all)).toEqual(['a']);
    expect(keys(mount('c1').result.current.all)).toEqual(['a']);
    expect(keys(mount(null).result.current.all)).toEqual(['theirs, held']);
  });

  it('goes to its address without a storage as well', () => {
    vi.spyOn(Storage.prototype, 'setItem').mockImplementation(() => {
      throw new Error('full');
    });
    const { result, rerender } = mount(null);
    act(() => result.current.put(question('a')));
    act(() => result.current.accept(null, 'c1'));
    rerender({ at: 'c1' });
    expect(keys(result.current.all)).toEqual(['a']);
  });

  it('leaves out what is no question, and goes with the drafts of an account that is no more', () => {
    localStorage.setItem('omniai:draft:mia:c1:next', JSON.stringify([null, { key: 1 }, 'x', question('k')]));
    localStorage.setItem('omniai:draft:mia:c2:next', '{broken');
    expect(keys(mount('c1').result.current.all)).toEqual(['k']);
    expect(mount('c2').result.current.all).toEqual([]);
    forgetDrafts('mia');
    expect(mount('c1').result.current.all).toEqual([]);
  });
});
