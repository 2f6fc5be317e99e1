// The search above the list: what it finds in the texts, and the way there.
import { expect } from '@playwright/test';

import { violations } from './axe';
import { ask, test } from './installation';
import { choose, link, list, withConversations } from './sidebar';

test('the search finds what was written, and opens where it stands', async ({ page, omniai }) => {
  await withConversations(page, omniai, ['Boat', 'Zanzibar']);
  await link(page, 'Boat').click();
  await ask(page, 'Where is the lantern from Zanzibar <b>now</b>?');
  await expect(page.getByRole('article', { name: 'Answer' })).toContainText('now');
  await expect(page.getByRole('button', { name: 'Send' })).toBeVisible();
  await page.getByRole('link', { name: 'New conversation' }).click();
  const texts = list(page).getByRole('region', { name: 'In the text' });
  const search = page.getByRole('searchbox', { name: 'Search titles and texts' });
  await search.fill('zanzi');
  await expect(texts.getByRole('link')).toHaveCount(2);
  await expect(texts.getByRole('link', { name: 'You: ' })).toHaveText('BoatYou: Where is the lantern from Zanzibar <b>now</b>?');
  await expect(texts.getByRole('link', { name: 'Answer: ' }).locator('mark')).toHaveText(['Zanzi']);
  expect(await violations(page)).toEqual([]);
  await search.fill('z');
  await expect(link(page, 'Zanzibar')).toBeVisible();
  await expect(texts).toHaveCount(0);
  await search.fill('zanzi');
  await expect(texts.getByRole('link')).toHaveCount(2);
  await list(page).getByRole('link', { name: 'Zanzibar', exact: true }).focus();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await expect(texts.getByRole('link').first()).toBeFocused();
  await page.keyboard.press('Delete');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: 'Boat' })).toBeVisible();
  await search.fill('');
  await expect(texts).toHaveCount(0);
  await choose(page, 'Boat', 'Delete');
  await search.fill('lantern');
  await expect(page.getByText('No text has these words.')).toBeVisible();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByText('No title has these words.')).toBeVisible();
  await expect(texts.getByRole('link')).toHaveCount(2);
  await search.fill('');
  await expect(texts).toHaveCount(0);
  await choose(page, 'Boat', 'Archive');
  await search.fill('lantern');
  await expect(texts.getByRole('link', { name: 'Archived · You: ' })).toBeVisible();
});
