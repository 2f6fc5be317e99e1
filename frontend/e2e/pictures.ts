// Takes a picture of every page into docs/pictures: wide and phone, light and dark. Run by `make pictures`, not by the tests.
import { fileURLToPath } from 'node:url';

import { expect, test, type Browser, type Page } from '@playwright/test';

import { moveIn } from './household';
import { Installation, makeOwner } from './installation';
import { askAs, join, signInAs } from './people';

const FOLDER = fileURLToPath(new URL('../../docs/pictures/', import.meta.url));
const SIZES = { wide: { width: 1280, height: 800 }, phone: { width: 390, height: 844 } } as const;
const SCHEMES = ['light', 'dark'] as const;
const PAGES = {
  new: '#/',
  settings: '#/settings',
  overview: '#/admin',
  people: '#/admin/people',
  invites: '#/admin/invites',
  servers: '#/admin/servers',
  usage: '#/admin/usage',
  audit: '#/admin/audit',
} as const;

const omniai = new Installation({ OMNIAI_BACKUP_EVERY_HOURS: '24' }, ['--plain']);

test.beforeAll(() => omniai.up());
test.afterAll(() => omniai.down());

async function take(page: Page, name: string): Promise<void> {
  await expect(page.locator('.skeleton-bar')).toHaveCount(0);
  await page.evaluate(() => document.fonts.ready);
  for (const [size, viewport] of Object.entries(SIZES)) {
    await page.setViewportSize(viewport);
    for (const colorScheme of SCHEMES) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await page.screenshot({ path: `${FOLDER}${name}-${size}-${colorScheme}.png`, animations: 'disabled', caret: 'hide' });
    }
  }
  await page.setViewportSize(SIZES.wide);
}

/** What those see who are not signed in. */
async function doors(browser: Browser, invite: string): Promise<void> {
  const page = await browser.newPage();
  await page.goto(`${omniai.url}/`);
  await page.getByLabel('User name').waitFor();
  await take(page, 'sign-in');
  await page.goto(`${omniai.url}/#/join?code=${invite}`);
  await page.getByText('For Aunt Ines').waitFor();
  await take(page, 'join');
  await page.close();
}

test('pictures of every page', async ({ page, browser }) => {
  await page.goto(omniai.setUpLink);
  await page.getByLabel('User name').waitFor();
  await take(page, 'set-up');
  await makeOwner(page, omniai);
  for (const person of await join(omniai, ['maria', 'robin'])) await askAs(omniai, person, 'What is a lamp?');
  const owner = await signInAs(omniai, 'owner');
  await moveIn(omniai, 'owner');
  const made = await fetch(`${omniai.url}/admin/invites`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${owner}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({ note: 'For Aunt Ines' }),
  });
  expect(made.ok).toBe(true);
  await doors(browser, ((await made.json()) as { code: string }).code);
  for (const [name, address] of Object.entries(PAGES)) {
    await page.goto(`${omniai.url}/${address}`);
    await page.reload();
    await page.getByRole('heading', { level: 1 }).first().waitFor();
    await page.waitForLoadState('networkidle');
    await take(page, name);
  }
  await page.goto(`${omniai.url}/#/`);
  await page.getByRole('link', { name: 'Largest files of a folder' }).click();
  await page.getByRole('cell', { name: 'only this disk' }).waitFor();
  await page.waitForLoadState('networkidle');
  await take(page, 'chat');
  await page.keyboard.press('Control+k');
  await page.getByRole('dialog').waitFor();
  await take(page, 'palette');
});
