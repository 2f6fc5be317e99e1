// How long conversations stay: the trash, conversations that are temporary, and memory that pauses at the composer.
import { expect, type Locator, type Page } from '@playwright/test';

import { violations } from './axe';
import { ask, makeOwner, test } from './installation';

const box = (page: Page): Locator => page.getByRole('textbox', { name: 'Your question' });
const trash = (page: Page): Locator => page.getByRole('region', { name: 'Trash' });
const sidebar = (page: Page): Locator => page.getByRole('navigation', { name: 'Conversations' });
const lasting = (page: Page): Locator => page.getByRole('button', { name: 'Temporary conversation' });
const answer = (page: Page): Locator => page.getByRole('article', { name: 'Answer' });

/** By its line's menu, and without waiting for the time to undo. */
async function deleteByMenu(page: Page, title: string): Promise<void> {
  await sidebar(page).getByRole('link', { name: title }).hover();
  await sidebar(page)
    .getByRole('button', { name: `Menu of ${title}` })
    .click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await page.reload();
}

test('what was deleted is brought back from the trash, or is gone for good', async ({ page, omniai, faults }) => {
  await makeOwner(page, omniai);
  for (const question of ['Where do boats sleep?', 'What do boats eat?']) {
    await page.goto(`${omniai.url}/#/`);
    await ask(page, question);
    await expect(answer(page)).toContainText('That is all.');
  }
  await deleteByMenu(page, 'Where do boats sleep?');
  await deleteByMenu(page, 'What do boats eat?');
  await page.goto(`${omniai.url}/#/settings`);
  await expect(trash(page).getByRole('listitem')).toHaveCount(2);
  await expect(trash(page)).toContainText('gone for good in 30 days');
  expect(await violations(page)).toEqual([]);
  await trash(page).getByRole('button', { name: 'Delete “What do boats eat?” for good' }).press('Enter');
  await expect(trash(page).getByRole('listitem')).toHaveCount(1);
  await trash(page).getByRole('button', { name: 'Bring back “Where do boats sleep?”' }).press('Enter');
  await expect(trash(page)).toContainText('The trash is empty.');
  await page.getByRole('button', { name: 'Open' }).press('Enter');
  await expect(answer(page)).toContainText('That is all.');
  await expect(sidebar(page).getByRole('link', { name: 'Where do boats sleep?' })).toBeVisible();

  await deleteByMenu(page, 'Where do boats sleep?');
  await page.goto(`${omniai.url}/#/settings`);
  await trash(page).getByRole('button', { name: 'Empty the trash' }).click();
  const sure = page.getByRole('dialog', { name: 'Empty the trash?' });
  expect(await violations(page)).toEqual([]);
  await sure.getByRole('button', { name: 'Delete for good' }).click();
  await expect(trash(page)).toContainText('The trash is empty.');
  expect(faults).toEqual([]);
});

test('a person says how long conversations stay', async ({ page, omniai }) => {
  await makeOwner(page, omniai);
  await page.goto(`${omniai.url}/#/settings`);
  const stay = page.getByLabel('Untouched conversations');
  await stay.selectOption('Go after 90 days');
  await expect(page.getByText('They go to the trash. Pinned ones stay.')).toBeVisible();
  await page.reload();
  await expect(stay).toHaveValue('90');
  await stay.selectOption('Stay for ever');
  await expect(page.getByText('They go to the trash. Pinned ones stay.')).toHaveCount(0);
});

test.describe('where the administrator keeps nothing for long', () => {
  test.use({ settings: { OMNIAI_RETENTION_DAYS: '60', OMNIAI_TRASH_DAYS: '0', OMNIAI_TEMPORARY_SECONDS: '600' } });

  test('the page says so', async ({ page, omniai }) => {
    await makeOwner(page, omniai);
    await lasting(page).click();
    await expect(page.getByText('at the latest 10 minutes after')).toBeVisible();
    await page.goto(`${omniai.url}/#/settings`);
    await expect(page.getByLabel('Untouched conversations').locator('option')).toHaveText([
      'Stay for 60 days, as the administrator has set',
      'Go after 30 days',
      'Go after 7 days',
    ]);
    await expect(trash(page)).toContainText('There is no trash here');
  });
});

async function beginTemporary(page: Page): Promise<string> {
  await lasting(page).press('Enter');
  await expect(lasting(page)).toHaveAttribute('aria-pressed', 'true');
  await expect(page.getByText('This conversation is temporary')).toBeVisible();
  await ask(page, 'A secret question');
  await expect(answer(page)).toContainText('That is all.');
  await expect(lasting(page)).toHaveAttribute('aria-pressed', 'true');
  return page.url();
}

test('a temporary conversation is on no list and over when another one is opened', async ({ page, omniai, faults }) => {
  await makeOwner(page, omniai);
  await ask(page, 'One that stays');
  await expect(answer(page)).toContainText('That is all.');
  await page.goto(`${omniai.url}/#/`);
  await lasting(page).press('Enter');
  expect(await violations(page)).toEqual([]);
  await lasting(page).press('Enter');
  const address = await beginTemporary(page);
  expect(await violations(page)).toEqual([]);
  await page.reload();
  await expect(answer(page)).toContainText('That is all.');
  await ask(page, 'A second secret');
  await expect(answer(page)).toHaveCount(2);
  await expect(sidebar(page).getByRole('link')).toHaveCount(1);
  await sidebar(page).getByRole('searchbox').fill('secret');
  await expect(sidebar(page)).toContainText('No text has these words.');
  await sidebar(page).getByRole('searchbox').fill('');

  await sidebar(page).getByRole('link', { name: 'One that stays' }).click();
  await expect(page.getByText('The temporary conversation is over.')).toBeVisible();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page).toHaveURL(address);
  await expect(answer(page)).toHaveCount(2);

  await sidebar(page).getByRole('link', { name: 'One that stays' }).click();
  await expect(page.getByText('The temporary conversation is over.')).toBeVisible();
  await page.goto(`${omniai.url}/#/settings`);
  await page.reload();
  await expect(trash(page)).toContainText('The trash is empty.');
  await page.goto(address);
  await page.reload();
  await expect(page.getByText('This conversation is not here')).toBeVisible();
  expect(faults.filter((fault) => !fault.includes('404'))).toEqual([]);
});

test('a temporary conversation can be kept', async ({ page, omniai }) => {
  await makeOwner(page, omniai);
  await beginTemporary(page);
  await expect(sidebar(page).getByRole('link')).toHaveCount(0);
  await lasting(page).press('Enter');
  await expect(page.getByText('This conversation is kept now.')).toBeVisible();
  await expect(box(page)).toBeFocused();
  await expect(lasting(page)).toHaveCount(0);
  await expect(sidebar(page).getByRole('link', { name: 'A secret question' })).toBeVisible();
  await page.keyboard.press('Control+Shift+O');
  await expect(lasting(page)).toHaveAttribute('aria-pressed', 'false');
  await sidebar(page).getByRole('link', { name: 'A secret question' }).click();
  await expect(answer(page)).toContainText('That is all.');
});

test('memory is seen and paused at the composer', async ({ page, omniai, faults }) => {
  await makeOwner(page, omniai);
  const memory = page.getByRole('button', { name: 'Memory' });
  await expect(memory).toHaveCount(0);
  await page.goto(`${omniai.url}/#/settings`);
  const section = page.getByRole('region', { name: 'Memory' });
  await section.getByText('On', { exact: true }).click();
  await section.getByRole('textbox', { name: 'Something to remember' }).fill('My boat is called Ada');
  await section.getByRole('button', { name: 'Remember' }).click();
  await expect(section.getByRole('listitem')).toHaveCount(1);
  await page.goto(`${omniai.url}/#/`);
  await expect(memory).toHaveAttribute('aria-pressed', 'true');
  await memory.press('Enter');
  await expect(memory).toHaveAttribute('aria-pressed', 'false');
  await ask(page, 'What is my boat called?');
  await expect(answer(page)).toContainText('That is all.');
  await expect(page.getByRole('button', { name: /^Used/ })).toHaveCount(0);
  await page.reload();
  await expect(memory).toHaveAttribute('aria-pressed', 'false');
  await ask(page, 'Is my boat called Ada?');
  await expect(answer(page)).toHaveCount(2);
  await memory.press('Enter');
  await expect(memory).toHaveAttribute('aria-pressed', 'true');
  await ask(page, 'Say it again, my boat is called?');
  await expect(answer(page).nth(2)).toContainText('That is all.');
  const questions = await omniai.questions();
  const told = questions.filter((question) => JSON.stringify(question).includes('My boat is called Ada'));
  expect(told).toHaveLength(1);
  await lasting(page).waitFor({ state: 'detached' });
  await page.goto(`${omniai.url}/#/`);
  await lasting(page).press('Enter');
  await expect(memory).toHaveCount(0);
  expect(faults).toEqual([]);
});
