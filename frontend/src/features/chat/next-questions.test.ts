import { act, cleanup, renderHook } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { forgetDrafts } from './drafts';
import { useNextQuestions, type NextQuestion } from './next-questions';

const mount = (id: string | null) => renderHook(({ at }) => useNextQuestions('mia', at), { initialProps: { at: id } });
const question = (key: string, tries = 0): NextQuestion => ({ key, text: `text of ${key}`, tries });

beforeEach(() => localStorage.clear());
afterEach(cleanup);

describe('useNextQuestions', () => {
  it('keeps them in order over a reload, each in its conversation', () => {
    const { result } = mount('c1');
    act(() => result.current.put(question('a')));
    act(() => result.current.put(question('b')));
    act(() => result.current.put(question('a', 1)));
    expect(mount('c1').result.current.all).toEqual([question('a', 1), question('b')]);
    expect(mount('c2').result.current.all).toEqual([]);
    act(() => result.current.drop('a'));
    expect(mount('c1').result.current.all).toEqual([question('b')]);
  });

  it('takes nothing from another tab', () => {
    const [here, there] = [mount('c1'), mount('c1')];
    act(() => here.result.current.put(question('mine')));
    act(() => there.result.current.put(question('theirs')));
    act(() => here.result.current.drop('mine'));
    expect(mount('c1').result.current.all).toEqual([question('theirs')]);
  });

  it('goes with a new conversation to its address', () => {
    const { result, rerender } = mount(null);
    act(() => result.current.put(question('a')));
    act(() => result.current.move('c1'));
    rerender({ at: 'c1' });
    expect(result.current.all).toEqual([question('a')]);
    expect(mount(null).result.current.all).toEqual([]);
  });

  it('leaves out what is no question, and goes with the drafts of an account that is no more', () => {
    localStorage.setItem('omniai:draft:mia:c1:next', '[null, {"key": 1}, {"key": "k", "text": "t", "tries": 2}]');
    localStorage.setItem('omniai:draft:mia:c2:next', '{broken');
    expect(mount('c1').result.current.all).toEqual([{ key: 'k', text: 't', tries: 2 }]);
    expect(mount('c2').result.current.all).toEqual([]);
    forgetDrafts('mia');
    expect(mount('c1').result.current.all).toEqual([]);
  });
});
