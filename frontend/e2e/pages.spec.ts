// Every page by axe in both themes, and by keyboard alone.
import { expect } from '@playwright/test';

import { violations } from './axe';
import { ask, makeOwner, PASSWORD, test } from './installation';

for (const colorScheme of ['light', 'dark'] as const) {
  test(`no page has a flaw that axe finds, ${colorScheme}`, async ({ page, browser, omniai }) => {
    await page.emulateMedia({ colorScheme });
    await page.goto(omniai.setUpLink);
    await expect(page.getByRole('heading')).toBeVisible();
    expect(await violations(page)).toEqual([]);
    await makeOwner(page, omniai);
    expect(await violations(page)).toEqual([]);
    await ask(page, 'Show me everything.');
    await expect(page.getByRole('article', { name: 'Answer' })).toContainText('That is all.');
    expect(await violations(page)).toEqual([]);
    for (const path of ['#/admin/invites', '#/settings']) {
      await page.goto(`${omniai.url}/${path}`);
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
      expect(await violations(page)).toEqual([]);
    }
    const stranger = await browser.newContext({ colorScheme });
    const outside = await stranger.newPage();
    await outside.goto(omniai.url);
    await expect(outside.getByRole('heading', { name: 'Sign in' })).toBeVisible();
    expect(await violations(outside)).toEqual([]);
    await stranger.close();
  });
}

test('one can set up, ask, stop and sign in again by keyboard alone', async ({ page, omniai }) => {
  await page.goto(omniai.setUpLink);
  await expect(page.getByLabel('User name')).toBeVisible();
  await page.getByLabel('User name').focus();
  await page.keyboard.type('owner');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await page.keyboard.type(PASSWORD);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('textbox', { name: 'Your question' })).toBeFocused();
  await page.keyboard.type('By keyboard?');
  await page.keyboard.press('Shift+Enter');
  await page.keyboard.type('Second line.');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('article', { name: 'Answer' })).toContainText('That is all.');
  await expect(page.getByRole('textbox', { name: 'Your question' })).toBeFocused();
});

test('the narrowest phone shows everything without scrolling sideways', async ({ page, omniai }) => {
  await page.setViewportSize({ width: 320, height: 640 });
  await makeOwner(page, omniai);
  await ask(page, 'A long_word_that_does_not_break_anywhere_because_it_has_no_spaces_in_it_at_all?');
  await expect(page.getByRole('article', { name: 'Answer' })).toContainText('That is all.');
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(overflow).toBeLessThanOrEqual(0);
});
