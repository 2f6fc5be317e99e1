import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import type * as Language from './language';
import { en } from './words/en';

const SPANISH = { shared: { ...en, tryAgain: 'Reintentar' } };
let page: typeof Language;
let said: () => string;

async function open(browser: string[], load: () => Promise<typeof SPANISH>): Promise<void> {
  vi.spyOn(navigator, 'languages', 'get').mockReturnValue(browser);
  await page.startLanguage({ es: load });
}

beforeEach(async () => {
  localStorage.clear();
  vi.resetModules();
  page = await import('./language');
  const { translator } = await import('./i18n');
  said = () => `${document.documentElement.lang}: ${translator.say(translator.locale, ['shared'], 'tryAgain')}`;
});

afterEach(() => void vi.restoreAllMocks());

describe('the language of the page', () => {
  it('follows the browser, and loads no other', async () => {
    const load = vi.fn<() => Promise<typeof SPANISH>>().mockResolvedValue(SPANISH);
    await open(['en-GB', 'es'], load);
    expect(said()).toBe('en-GB: Try again');
    expect(load).not.toHaveBeenCalled();
    await page.chooseLanguage('es');
    expect(said()).toBe('es: Reintentar');
    await page.chooseLanguage(null);
    await page.chooseLanguage('es');
    expect(load).toHaveBeenCalledOnce();
  });

  it('is kept for the next visit', async () => {
    localStorage.setItem('omniai.language', 'es');
    await open(['en-US'], async () => SPANISH);
    expect(said()).toBe('es: Reintentar');
    expect(page.chosenLanguage()).toBe('es');
  });

  it('stays English when the other cannot be loaded, and says so to who chose it', async () => {
    await open(['es-ES'], () => Promise.reject(new TypeError('offline')));
    expect(said()).toBe('en: Try again');
    await expect(page.chooseLanguage('es')).rejects.toThrow('offline');
    expect(page.chosenLanguage()).toBeNull();
    expect(said()).toBe('en: Try again');
  });

  it('is the one chosen last, however long the other takes', async () => {
    const loads: ((words: typeof SPANISH) => void)[] = [];
    await open(['en'], () => new Promise((resolve) => loads.push(resolve)));
    const slow = page.chooseLanguage('es');
    await page.chooseLanguage('en');
    loads[0]?.(SPANISH);
    await slow;
    expect(said()).toBe('en: Try again');
  });
});
