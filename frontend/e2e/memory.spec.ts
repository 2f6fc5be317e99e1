// Memory as a person meets it: switched on, told, used, said otherwise, forgotten.
import { expect, type Locator, type Page } from '@playwright/test';

import { violations } from './axe';
import { ask, makeOwner, test, type Installation } from './installation';
import { link } from './sidebar';

const section = (page: Page): Locator => page.getByRole('region', { name: 'Memory' });

async function tellOfTheBoat(page: Page, omniai: Installation): Promise<void> {
  await page.goto(`${omniai.url}/#/settings`);
  const memory = section(page);
  await memory.getByText('On', { exact: true }).click();
  await memory.getByRole('textbox', { name: 'Something to remember' }).fill('My boat is called Ada');
  await memory.getByRole('button', { name: 'Remember' }).click();
  await expect(memory.getByRole('listitem')).toHaveCount(1);
}

test('what one says is remembered when one wants it, and forgotten when one wants that', async ({ page, omniai }) => {
  await makeOwner(page, omniai);
  await page.goto(`${omniai.url}/#/settings`);
  const memory = section(page);
  await expect(memory).toContainText('Nothing is remembered yet.');
  await expect(memory).toContainText('Memories are found by the words that a question shares with them.');
  await memory.getByText('On', { exact: true }).click();
  await memory.getByRole('textbox', { name: 'Something to remember' }).fill('I am allergic to hazelnuts');
  await memory.getByRole('button', { name: 'Remember' }).click();
  await expect(memory.getByRole('listitem')).toContainText('I am allergic to hazelnuts');
  await memory.getByRole('textbox', { name: 'Something to remember' }).fill('my password is hunter2');
  await memory.getByRole('button', { name: 'Remember' }).click();
  await expect(memory).toContainText('Seems to hold a password; secrets are not remembered.');
  expect(await violations(page)).toEqual([]);
  await page.reload();
  await expect(memory.getByRole('radio', { name: 'On' })).toBeChecked();
  await page.getByRole('link', { name: 'New conversation' }).click();
  await ask(page, 'Remember that my boat is called Ada.');
  await expect(page.getByRole('article', { name: 'Answer' })).toContainText('Ada');
  await expect(page.getByRole('button', { name: 'Send' })).toBeVisible();
  await page.goto(`${omniai.url}/#/settings`);
  await expect(memory.getByRole('listitem')).toHaveCount(2);
  await expect(memory.getByRole('listitem').first()).toContainText('My boat is called Ada.');
  await expect(memory.getByRole('listitem').first()).toContainText('You asked for it');
  await memory.getByRole('button', { name: 'Edit: My boat is called Ada.' }).press('Enter');
  await memory.getByRole('textbox', { name: 'Memory', exact: true }).fill('My boat is called Eve.');
  await page.keyboard.press('Enter');
  await expect(memory.getByRole('listitem').first()).toContainText('My boat is called Eve.');
  await memory.getByRole('searchbox', { name: 'Search the memories' }).fill('hazel');
  await expect(memory.getByRole('listitem')).toHaveCount(1);
  await memory.getByRole('button', { name: 'Forget: I am allergic to hazelnuts' }).click();
  await expect(memory).toContainText('No memory has these words.');
  await memory.getByRole('searchbox', { name: 'Search the memories' }).fill('');
  await memory.getByRole('button', { name: 'Forget everything …' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Forget' }).click();
  await expect(memory).toContainText('Nothing is remembered yet.');
});

test('an answer shows what it was told of oneself, and one forgets it from there', async ({ page, omniai }) => {
  await makeOwner(page, omniai);
  await tellOfTheBoat(page, omniai);
  await page.getByRole('link', { name: 'New conversation' }).click();
  await ask(page, 'What is my boat called?');
  const used = page.getByRole('article', { name: 'Answer' }).getByRole('button', { name: 'used 1 memory' });
  await used.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'What this answer was told of you' });
  await expect(dialog.getByRole('listitem')).toContainText('My boat is called Ada');
  expect(await violations(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Edit: My boat is called Ada' }).press('Enter');
  await dialog.getByRole('textbox', { name: 'Memory' }).fill('My boat is called Eve');
  await page.keyboard.press('Escape');
  await dialog.getByRole('button', { name: 'Forget: My boat is called Ada' }).click();
  await expect(dialog).toContainText('Forgotten since: 1.');
  await expect(dialog.getByRole('listitem')).toHaveCount(0);
  await page.keyboard.press('Escape');
  await expect(used).toBeFocused();
});

test('memory is paused for one conversation, and used there again', async ({ page, omniai }) => {
  await makeOwner(page, omniai);
  await ask(page, 'Good morning');
  const menu = page.getByRole('button', { name: 'Menu of Good morning' });
  await menu.press('Enter');
  await expect(page.getByRole('menuitem', { name: 'Rename' })).toBeVisible();
  await expect(page.getByRole('menuitem', { name: 'Pause memory here' })).toHaveCount(0);
  await page.keyboard.press('Escape');
  await tellOfTheBoat(page, omniai);
  await link(page, 'Good morning').click();
  await menu.press('Enter');
  await page.getByRole('menuitem', { name: 'Pause memory here' }).press('Enter');
  await expect(page.getByText('Nothing is remembered from this conversation')).toBeVisible();
  const last = page.getByRole('article', { name: 'Answer' }).last();
  const answered = async (question: string): Promise<void> => {
    await ask(page, question);
    await expect(last).toContainText(question);
    await expect(page.getByRole('button', { name: 'Send' })).toBeVisible();
    await expect(last).toContainText('tokens');
  };
  await answered('What is my boat called?');
  await expect(last.getByRole('button', { name: 'used 1 memory' })).toHaveCount(0);
  await menu.press('Enter');
  await page.getByRole('menuitem', { name: 'Use memory here again' }).press('Enter');
  await expect(page.getByText('Memory is used in this conversation again.')).toBeVisible();
  await answered('And what is my boat called now?');
  await expect(last.getByRole('button', { name: 'used 1 memory' })).toBeVisible();
});
