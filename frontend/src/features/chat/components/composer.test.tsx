import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { Composer, type ComposerProps } from './composer';
import { sends, type ComposerKey } from './composer-keys';

afterEach(cleanup);

function pointer(coarse: boolean) {
  window.matchMedia = (query) => ({ matches: coarse && query.includes('coarse') }) as MediaQueryList;
}

function mount(props: Partial<ComposerProps> = {}) {
  const acts = {
    onText: vi.fn<(text: string) => void>(),
    onPasted: vi.fn<(pasted: readonly string[]) => void>(),
    onSend: vi.fn<(text: string) => void>(),
    onStop: vi.fn<() => void>(),
    onEditLast: vi.fn<() => void>(),
  };
  const rest = { answering: false, stopping: false, tools: null, offersFor: null, focusCount: 0, pasted: [] };
  render(<Composer text="What is a lamp?" {...acts} {...rest} {...props} />);
  return { ...acts, box: screen.getByRole<HTMLTextAreaElement>('textbox') };
}

describe('Composer', () => {
  beforeEach(() => pointer(false));

  it('sends with Enter and with the button', () => {
    const { box, onSend } = mount();
    expect(fireEvent.keyDown(box, { key: 'Enter' })).toBe(false);
    fireEvent.click(screen.getByRole('button', { name: 'Send' }));
    expect(onSend.mock.calls).toEqual([['What is a lamp?'], ['What is a lamp?']]);
  });

  it('breaks the line with Shift+Enter', () => {
    const { box, onSend } = mount();
    expect(fireEvent.keyDown(box, { key: 'Enter', shiftKey: true })).toBe(true);
    expect(onSend).not.toHaveBeenCalled();
  });

  it('edits the last question with Up in the empty box alone', () => {
    const { box, onEditLast } = mount({ text: '' });
    expect(fireEvent.keyDown(box, { key: 'ArrowUp', shiftKey: true })).toBe(true);
    expect(onEditLast).not.toHaveBeenCalled();
    expect(fireEvent.keyDown(box, { key: 'ArrowUp' })).toBe(false);
    expect(onEditLast).toHaveBeenCalledOnce();
    cleanup();
    const typed = mount();
    expect(fireEvent.keyDown(typed.box, { key: 'ArrowUp' })).toBe(true);
    expect(typed.onEditLast).not.toHaveBeenCalled();
  });

  it('sends nothing while an input method composes', () => {
    const { box, onSend } = mount();
    fireEvent.keyDown(box, { key: 'Enter', isComposing: true });
    fireEvent.keyDown(box, { key: 'Enter', keyCode: 229 });
    expect(onSend).not.toHaveBeenCalled();
  });

  it('breaks the line with Enter on a touch screen', () => {
    pointer(true);
    const { box, onSend } = mount();
    fireEvent.keyDown(box, { key: 'Enter' });
    expect(onSend).not.toHaveBeenCalled();
    fireEvent.click(screen.getByRole('button', { name: 'Send' }));
    expect(onSend).toHaveBeenCalledOnce();
  });

  it('makes a tile of a long paste, which can be sent alone, become text and go away', () => {
    const { box, onPasted } = mount({ text: 'About this:' });
    const paste = (text: string) => fireEvent.paste(box, { clipboardData: { getData: () => text } });
    expect(paste('short')).toBe(true);
    expect(onPasted).not.toHaveBeenCalled();
    const long = 'line\n'.repeat(40);
    expect(paste(long)).toBe(false);
    expect(onPasted).toHaveBeenCalledWith([long]);
    cleanup();
    const tiled = mount({ text: '', pasted: [long, 'other'] });
    expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Send' }).disabled).toBe(false);
    fireEvent.click(screen.getByRole('button', { name: 'Into the box: 200 pasted characters' }));
    expect(tiled.onText).toHaveBeenCalledWith(long);
    expect(tiled.onPasted).toHaveBeenLastCalledWith(['other']);
    fireEvent.click(screen.getByRole('button', { name: 'Leave out: 5 pasted characters' }));
    expect(tiled.onPasted).toHaveBeenLastCalledWith([long]);
  });

  it('does not send blank text', () => {
    const { box, onSend } = mount({ text: '  \n' });
    fireEvent.keyDown(box, { key: 'Enter' });
    expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Send' }).disabled).toBe(true);
    expect(onSend).not.toHaveBeenCalled();
  });

  it('has Stop in the place of Send while an answer is written, and takes the next question by key and button', () => {
    const { box, onSend, onStop } = mount({ answering: true });
    expect(screen.queryByRole('button', { name: 'Send' })).toBeNull();
    fireEvent.click(screen.getByRole('button', { name: 'Stop' }));
    expect(onStop).toHaveBeenCalledOnce();
    expect(onSend).not.toHaveBeenCalled();
    fireEvent.keyDown(box, { key: 'Enter' });
    fireEvent.click(screen.getByRole('button', { name: 'Ask next' }));
    expect(onSend.mock.calls).toEqual([['What is a lamp?'], ['What is a lamp?']]);
    cleanup();
    mount({ answering: true, text: ' ' });
    expect(screen.queryByRole('button', { name: 'Ask next' })).toBeNull();
  });
});

describe('sends', () => {
  const enter: ComposerKey = {
    key: 'Enter',
    shiftKey: false,
    ctrlKey: false,
    metaKey: false,
    altKey: false,
    isComposing: false,
    keyCode: 13,
  };

  it('takes Ctrl+Enter and Cmd+Enter everywhere', () => {
    expect(sends({ ...enter, ctrlKey: true }, true)).toBe(true);
    expect(sends({ ...enter, metaKey: true }, false)).toBe(true);
    expect(sends({ ...enter, key: 'a', ctrlKey: true }, false)).toBe(false);
  });
});
