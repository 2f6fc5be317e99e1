// The sidebar as a person finds it by what it says: its lines, and what their menus do.
import { expect, type Locator, type Page } from '@playwright/test';

import { makeOwner, type Installation } from './installation';
import { makeConversations, signInAs } from './people';

export const list = (page: Page): Locator => page.getByRole('navigation', { name: /onversations/ });
export const row = (page: Page, title: string): Locator => list(page).getByRole('listitem').filter({ hasText: title });
export const link = (page: Page, title: string): Locator => list(page).getByRole('link', { name: title });

export async function withConversations(page: Page, omniai: Installation, titles: readonly string[]): Promise<string> {
  await makeOwner(page, omniai);
  const token = await signInAs(omniai, 'owner');
  await makeConversations(omniai, token, titles);
  await page.reload();
  await expect(link(page, titles.at(-1) ?? '')).toBeVisible();
  return token;
}

export async function choose(page: Page, title: string, act: string): Promise<void> {
  await row(page, title).hover();
  await page.getByRole('button', { name: `Menu of ${title}` }).click();
  await page.getByRole('menuitem', { name: act }).click();
}
