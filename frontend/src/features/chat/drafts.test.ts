import { act, cleanup, renderHook } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { draftKey, forgetDrafts, isLong, loadDraft, putBack, saveDraft, useDraft, wholeOf } from './drafts';

const HERE = draftKey('mia', 'c1');
const THERE = draftKey('mia', 'c2');
const NEW = draftKey('mia', null);

const mount = (key: string) => renderHook(({ at }) => useDraft(at), { initialProps: { at: key } });

describe('drafts', () => {
  beforeEach(() => {
    localStorage.clear();
    vi.useFakeTimers();
  });
  afterEach(() => {
    cleanup();
    vi.useRealTimers();
  });

  it('survives a reload', () => {
    const first = mount(HERE);
    act(() => first.result.current.setText('half a thought'));
    act(() => void vi.advanceTimersByTime(500));
    first.unmount();
    expect(mount(HERE).result.current.text).toBe('half a thought');
    expect(loadDraft(draftKey('ben', 'c1'))).toBe('');
  });

  it('is saved when the page goes before the pause is over', () => {
    const { result } = mount(HERE);
    act(() => result.current.setText('quick'));
    window.dispatchEvent(new Event('pagehide'));
    expect(loadDraft(HERE)).toBe('quick');
  });

  it('is forgotten with its owner, and with nobody else', () => {
    for (const key of [HERE, THERE, NEW, draftKey('ben', 'c1')]) saveDraft(key, 'words');
    forgetDrafts('mia');
    expect([HERE, THERE, NEW].map(loadDraft)).toEqual(['', '', '']);
    expect(loadDraft(draftKey('ben', 'c1'))).toBe('words');
  });

  it('belongs to its conversation', () => {
    saveDraft(THERE, 'other words');
    const { result, rerender } = mount(HERE);
    act(() => result.current.setText('these words'));
    rerender({ at: THERE });
    expect(result.current.text).toBe('other words');
    rerender({ at: HERE });
    expect(result.current.text).toBe('these words');
  });

  it('keeps pasted texts beside what is written, over a reload and to a new address', () => {
    const { result, rerender } = mount(NEW);
    act(() => result.current.setPasted(['a long text', 'another']));
    expect(mount(NEW).result.current.pasted).toEqual(['a long text', 'another']);
    act(() => result.current.follow(HERE));
    rerender({ at: HERE });
    expect(result.current.pasted).toEqual(['a long text', 'another']);
    expect(mount(NEW).result.current.pasted).toEqual([]);
    rerender({ at: THERE });
    expect(result.current.pasted).toEqual([]);
    expect(wholeOf(' ', ['a', 'b'])).toBe('a\n\nb');
    expect([isLong('a'.repeat(2000)), isLong('a\n'.repeat(30)), isLong('a\n'.repeat(20)), isLong('\n'.repeat(40))]).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });

  it('puts a refused question back, before what was typed since', () => {
    const { result } = mount(HERE);
    act(() => result.current.setText('and more'));
    act(() => result.current.restore('a question'));
    expect(result.current.text).toBe('a question\n\nand more');
    expect(putBack('a question', ' ')).toBe('a question');
  });

  it('follows a new conversation to its address', () => {
    const { result, rerender } = mount(NEW);
    act(() => result.current.setText('next'));
    act(() => result.current.follow(HERE));
    rerender({ at: HERE });
    expect(result.current.text).toBe('next');
    expect(loadDraft(NEW)).toBe('');
    expect(loadDraft(HERE)).toBe('next');
  });
});
