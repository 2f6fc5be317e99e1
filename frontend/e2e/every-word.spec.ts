// A language that nobody speaks, made of the English words, shows each text that no translation reaches; and pages turned round.
import { expect, type Page } from '@playwright/test';

import { en as admin } from '../src/features/admin/words/en';
import { en as auth } from '../src/features/auth/words/en';
import { en as chat } from '../src/features/chat/words/en';
import { en as conversations } from '../src/features/conversations/words/en';
import { en as keeping } from '../src/features/keeping/words/en';
import { en as memories } from '../src/features/memories/words/en';
import { en as models } from '../src/features/models/words/en';
import { en as presets } from '../src/features/presets/words/en';
import { en as settings } from '../src/features/settings/words/en';
import { en as usage } from '../src/features/usage/words/en';
import { en as shared } from '../src/shared/i18n/words/en';
import { en as palette } from '../src/app/palette/words/en';
import { en as app } from '../src/app/words/en';
import { BOOTSTRAP_TOKEN, PASSWORD, test } from './installation';

type Words = { readonly [key: string]: string | Words };
const ENGLISH: Words = { admin, app, auth, chat, conversations, keeping, memories, models, palette, presets, settings, shared, usage };
const PAGES = [
  '#/',
  '#/settings',
  '#/admin',
  '#/admin/people',
  '#/admin/invites',
  '#/admin/servers',
  '#/admin/usage',
  '#/admin/audit',
  '#/nowhere',
];

/** What no language changes: names, what people and models wrote, and figures. */
const DATA = [
  /(\p{L}{3}, )?\d+ \p{L}{3} \d{4}/gu,
  /Guide \(no AI\)/g,
  /OmniAI|owner|LM Studio|Tiny (Chat|Think|Eyes)|Small|English|Español|Chrome|Linux|HeadlessChrome|json|zip|Ctrl|Shift|Alt|Esc|Enter|Tab|[A-Z][a-z]*[- ]?\d+B/g,
  /(fault|text-embedding)-[\w-]+|guide/g,
  /[\w.-]*\d[\w.:/-]*/g,
];

/** Every text in brackets, its values untouched; plural forms that English lacks say the same as "other". */
function pseudo(words: Words): Words {
  const said: Record<string, string | Words> = {};
  for (const [key, value] of Object.entries(words)) {
    said[key] = typeof value === 'string' ? `⟦${value}⟧` : pseudo(value);
    if (key.endsWith('_other')) said[key.replace(/_other$/, '_many')] = said[key];
  }
  return said;
}

async function speakPseudo(page: Page): Promise<void> {
  await page.route(/\/assets\/spanish-[^/]+\.js$/, async (route) => {
    const real = await (await route.fetch()).text();
    const name = /export\s*\{\s*\w+ as (\w+)/.exec(real)?.[1] ?? 'spanish';
    const body = `const words = ${JSON.stringify(pseudo(ENGLISH))}; export { words as ${name} };`;
    await route.fulfill({ contentType: 'text/javascript', body });
  });
}

/** Texts on the screen, and names for those who do not see it, that hold a word outside of brackets. */
function rest(text: string): string {
  return DATA.reduce((left, data) => left.replace(data, ''), stripped(text));
}

async function untranslated(page: Page): Promise<string[]> {
  const said = await page.evaluate(() => {
    const texts: string[] = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_ELEMENT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const element = node as HTMLElement;
      if (element.closest('.md, script, noscript, style, time, code, kbd')) continue;
      for (const name of ['aria-label', 'title', 'placeholder', 'alt']) texts.push(element.getAttribute(name) ?? '');
      if (![...element.childNodes].some(({ nodeType, textContent }) => nodeType === Node.TEXT_NODE && textContent?.trim())) continue;
      texts.push(element.textContent ?? '');
    }
    return texts;
  });
  return [...new Set(said.filter((text) => /\p{L}{2}/u.test(rest(text))))];
}

function stripped(text: string): string {
  let left = text;
  for (let before = ''; before !== left;) {
    before = left;
    left = left.replace(/⟦[^⟦⟧]*⟧/g, '');
  }
  return left;
}

test.use({ locale: 'es-ES' });

test('no text is written where no translation reaches it', async ({ page, omniai }) => {
  await speakPseudo(page);
  await page.goto(`${omniai.url}/#/setup?token=${BOOTSTRAP_TOKEN}`);
  await expect(page.getByRole('heading', { level: 1 })).toContainText('⟦');
  expect(await untranslated(page)).toEqual([]);
  const [name, password] = [page.getByRole('textbox').first(), page.locator('input[type=password]')];
  await name.fill('owner');
  await password.fill(PASSWORD);
  await page.keyboard.press('Enter');
  await page.locator('textarea').waitFor();
  await page.locator('textarea').fill('0?');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('article')).toHaveCount(2);
  await expect(page).toHaveURL(/#\/c\//);
  for (const path of PAGES) {
    await page.goto('about:blank');
    await page.goto(`${omniai.url}/${path}`);
    await expect(page.getByRole('heading', { level: 1 }).first()).toBeVisible();
    expect(await untranslated(page), path).toEqual([]);
  }
  for (const keys of ['Control+k', 'Control+/']) {
    await page.keyboard.press(keys);
    await expect(page.getByRole('dialog')).toBeVisible();
    expect(await untranslated(page), keys).toEqual([]);
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toHaveCount(0);
  }
});

for (const width of [1280, 320]) {
  test(`pages turned round fit their screen, ${width} wide`, async ({ page, omniai }) => {
    await page.setViewportSize({ width, height: 800 });
    await page.goto(`${omniai.url}/#/setup?token=${BOOTSTRAP_TOKEN}`);
    await page.getByRole('textbox').first().fill('owner');
    await page.locator('input[type=password]').fill(PASSWORD);
    await page.keyboard.press('Enter');
    await page.locator('textarea').fill('0?');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('article')).toHaveCount(2);
    await expect(page).toHaveURL(/#\/c\//);
    for (const path of [...PAGES, new URL(page.url()).hash]) {
      await page.goto('about:blank');
      await page.goto(`${omniai.url}/${path}`);
      await expect(page.getByRole('heading', { level: 1 }).or(page.getByRole('article')).first()).toBeVisible();
      await page.evaluate(() => (document.documentElement.dir = 'rtl'));
      const beyond = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      expect(beyond, path).toBe(0);
    }
  });
}
