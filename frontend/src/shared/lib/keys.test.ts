import { describe, expect, it } from 'vitest';

import { ariaKeys, isKey, keyCaps, KEYS, keyWord, PAGE_KEYS, type KeyName, type Pressed } from './keys';

function pressed(key: string, more: Partial<Pressed> & { altGraph?: boolean } = {}): Pressed {
  const { altGraph = false, ...rest } = more;
  const none = { code: '', ctrlKey: false, metaKey: false, shiftKey: false, altKey: false, isComposing: false, keyCode: 0 };
  return { ...none, key, getModifierState: (name) => altGraph && name === 'AltGraph', ...rest };
}

const CTRL = { ctrlKey: true };
const CTRL_SHIFT = { ctrlKey: true, shiftKey: true };

describe('which key was meant', () => {
  it('knows each one and no other', () => {
    const names = Object.keys(KEYS) as KeyName[];
    const meant = (event: Pressed): KeyName[] => names.filter((name) => isKey(event, name, false));
    expect(meant(pressed('k', CTRL))).toEqual(['palette']);
    expect(meant(pressed('O', CTRL_SHIFT))).toEqual(['newConversation']);
    expect(meant(pressed('Escape'))).toEqual(['stop']);
    expect(meant(pressed('Escape', { shiftKey: true }))).toEqual(['composer']);
    expect(meant(pressed('ArrowUp', { altKey: true }))).toEqual(['previousQuestion']);
    expect(meant(pressed('k'))).toEqual([]);
    expect(meant(pressed('c', CTRL))).toEqual([]);
    expect(meant(pressed('k', { ctrlKey: true, altKey: true }))).toEqual([]);
  });

  it('takes ⌘ for Ctrl on a Mac alone', () => {
    expect(isKey(pressed('k', { metaKey: true }), 'palette', true)).toBe(true);
    expect(isKey(pressed('k', CTRL), 'palette', true)).toBe(false);
    expect(isKey(pressed('k', { metaKey: true }), 'palette', false)).toBe(false);
  });

  it('finds signs wherever a keyboard has them', () => {
    expect(isKey(pressed(':', CTRL_SHIFT), 'copyCode', false)).toBe(true);
    expect(isKey(pressed(';', CTRL_SHIFT), 'copyCode', false)).toBe(true);
    expect(isKey(pressed('/', CTRL), 'help', false)).toBe(true);
    expect(isKey(pressed('/', CTRL_SHIFT), 'help', false)).toBe(true);
  });

  it('finds letters on a keyboard of another alphabet, and trusts one of its own', () => {
    expect(isKey(pressed('л', { ...CTRL, code: 'KeyK' }), 'palette', false)).toBe(true);
    expect(isKey(pressed('t', { ...CTRL, code: 'KeyK' }), 'palette', false)).toBe(false);
  });

  it('leaves an input method and AltGr alone', () => {
    expect(isKey(pressed('Escape', { isComposing: true }), 'stop', false)).toBe(false);
    expect(isKey(pressed('Escape', { keyCode: 229 }), 'stop', false)).toBe(false);
    expect(isKey(pressed('/', { ...CTRL, altGraph: true }), 'help', false)).toBe(false);
  });
});

describe('how keys are shown', () => {
  it('names them as they stand on the keyboard', () => {
    expect(keyCaps('copyAnswer', false)).toEqual(['Ctrl', 'Shift', 'C']);
    expect(keyCaps('copyAnswer', true)).toEqual(['⇧', '⌘', 'C']);
    expect(keyWord('earlierVersion', false)).toBe('Alt+←');
    expect(keyWord('palette', true)).toBe('⌘K');
    expect(ariaKeys('copyCode', false)).toBe('Control+Shift+;');
    expect(ariaKeys('composer', true)).toBe('Shift+Escape');
  });

  it('shows no two alike', () => {
    const words = Object.keys(KEYS).map((name) => keyWord(name as KeyName, false));
    expect(new Set(words).size).toBe(words.length);
    expect(PAGE_KEYS).toHaveLength(12);
  });
});
