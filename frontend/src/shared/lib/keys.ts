// Every key of the page, once: handlers, palette and the list of keys all read it here. Pure.

/** `mod` is Ctrl, and ⌘ on a Mac. `code` finds a letter on keyboards that write other alphabets, `also` its shifted sign. */
export type Combo = { key: string; code?: string; also?: string; mod?: true; shift?: true; alt?: true };

export const KEYS = {
  palette: { mod: true, key: 'k', code: 'KeyK' },
  newConversation: { mod: true, shift: true, key: 'o', code: 'KeyO' },
  sidebar: { mod: true, shift: true, key: 's', code: 'KeyS' },
  composer: { shift: true, key: 'Escape' },
  stop: { key: 'Escape' },
  copyAnswer: { mod: true, shift: true, key: 'c', code: 'KeyC' },
  copyCode: { mod: true, shift: true, key: ';', code: 'Semicolon', also: ':' },
  earlierVersion: { alt: true, key: 'ArrowLeft' },
  laterVersion: { alt: true, key: 'ArrowRight' },
  previousQuestion: { alt: true, key: 'ArrowUp' },
  nextQuestion: { alt: true, key: 'ArrowDown' },
  help: { mod: true, key: '/', code: 'Slash' },
  select: { key: ' ' },
  selectDown: { shift: true, key: 'ArrowDown' },
  selectUp: { shift: true, key: 'ArrowUp' },
  selectAll: { mod: true, key: 'a', code: 'KeyA' },
  rename: { key: 'F2' },
  delete: { key: 'Delete' },
} as const satisfies Record<string, Combo>;

export type KeyName = keyof typeof KEYS;

/** Those that mean something on a line of the list of conversations alone. */
export const LIST_KEYS = ['select', 'selectDown', 'selectUp', 'selectAll', 'rename', 'delete'] as const satisfies readonly KeyName[];
export type ListKey = (typeof LIST_KEYS)[number];
export type PageKey = Exclude<KeyName, ListKey>;
export const PAGE_KEYS = (Object.keys(KEYS) as KeyName[]).filter(
  (name): name is PageKey => !(LIST_KEYS as readonly string[]).includes(name),
);

export type Pressed = Pick<
  KeyboardEvent,
  'key' | 'code' | 'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey' | 'isComposing' | 'keyCode' | 'getModifierState'
>;

/** Some browsers end the composition before they tell of the key that ended it; they mark that key with this code. */
const COMPOSING_CODE = 229;

/** The key belongs to an input method that puts signs together. */
export function isComposing(pressed: Pick<KeyboardEvent, 'isComposing' | 'keyCode'>): boolean {
  return pressed.isComposing || pressed.keyCode === COMPOSING_CODE;
}

const LETTER = /^[a-z]$/;

export function isKey(pressed: Pressed, name: KeyName, mac: boolean): boolean {
  const { key, code, also, mod, shift, alt }: Combo = KEYS[name];
  if (isComposing(pressed) || pressed.getModifierState('AltGraph')) return false;
  const [wanted, unwanted] = mac ? [pressed.metaKey, pressed.ctrlKey] : [pressed.ctrlKey, pressed.metaKey];
  if (wanted !== (mod ?? false) || unwanted || pressed.altKey !== (alt ?? false)) return false;
  // A sign needs Shift on some keyboards and not on others.
  const shiftMatters = LETTER.test(key) || key.length > 1 || key === ' ';
  if (shiftMatters && pressed.shiftKey !== (shift ?? false)) return false;
  const given = pressed.key.length === 1 ? pressed.key.toLowerCase() : pressed.key;
  if (given === key || given === also) return true;
  const otherAlphabet = given.length === 1 && given > '\u007F';
  return otherAlphabet && pressed.code === code;
}

const SIGNS: Record<string, string> = {
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
  Escape: 'Esc',
  Delete: 'Del',
  ' ': 'Space',
};

/** What stands on the keys, in the order in which one holds them. */
export function keyCaps(name: KeyName, mac: boolean): string[] {
  const { key, mod, shift, alt }: Combo = KEYS[name];
  const held = mac ? [alt && '⌥', shift && '⇧', mod && '⌘'] : [mod && 'Ctrl', alt && 'Alt', shift && 'Shift'];
  return [...held.filter((each) => typeof each === 'string'), SIGNS[key] ?? key.toUpperCase()];
}

/** The keys as one word, for a button's tip. */
export function keyWord(name: KeyName, mac: boolean): string {
  return keyCaps(name, mac).join(mac ? '' : '+');
}

/** As `aria-keyshortcuts` spells them. */
export function ariaKeys(name: KeyName, mac: boolean): string {
  const { key, mod, shift, alt }: Combo = KEYS[name];
  const held = [mod && (mac ? 'Meta' : 'Control'), alt && 'Alt', shift && 'Shift'];
  return [...held.filter((each) => typeof each === 'string'), key === ' ' ? 'Space' : key.length === 1 ? key.toUpperCase() : key].join('+');
}
