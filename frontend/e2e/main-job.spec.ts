// The main job in a real browser: the owner sets up, asks and reloads; an invited person joins and sees nothing of it.
import { expect } from '@playwright/test';

import { ask, chooseModel, makeOwner, PASSWORD, test } from './installation';

const SLOW_MODEL = 'pace-20-100';
const WHOLE = Array.from({ length: 100 }, (_, place) => `tok${place}`).join(' ');

test('owner asks, reloads, invites; the invited sees nothing of the owner', async ({ page, browser, omniai, faults }) => {
  await makeOwner(page, omniai);
  await ask(page, 'What is a lamp?');
  const answer = page.getByRole('article', { name: 'Answer' });
  await expect(answer).toContainText('What is a lamp?');
  await expect(answer.locator('pre')).toBeVisible();
  await expect(page).toHaveURL(/#\/c\//);
  const shown = await answer.locator('.md').first().innerText();

  await page.reload();
  await expect(answer.locator('.md').first()).toHaveText(shown, { useInnerText: true });
  await expect(page.getByRole('article', { name: 'Your question' })).toContainText('What is a lamp?');
  await expect(page.getByRole('navigation').getByText('What is a lamp?')).toBeVisible();

  await page.goto(`${omniai.url}/#/admin/invites`);
  await page.getByRole('button', { name: 'Make an invite' }).click();
  const link = await page.getByLabel('Link of the invite').inputValue();
  expect(link).toContain('#/join?code=');

  const elsewhere = await browser.newContext();
  const guest = await elsewhere.newPage();
  await guest.goto(link);
  await expect(guest.getByRole('heading', { name: 'owner invites you' })).toBeVisible();
  await guest.getByLabel('User name').fill('maria');
  await guest.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await guest.keyboard.press('Enter');
  await expect(guest.getByRole('textbox', { name: 'Your question' })).toBeVisible();
  await expect(guest.getByText('What is a lamp?')).toHaveCount(0);
  await expect(guest.getByRole('link', { name: 'Invites' })).toHaveCount(0);
  await guest.goto(page.url().replace('/admin/invites', '/'));
  await ask(guest, 'And mine?');
  await expect(guest.getByRole('article', { name: 'Answer' })).toContainText('And mine?');
  await elsewhere.close();
  await page.goto(`${omniai.url}/#/`);
  await expect(page.getByText('And mine?')).toHaveCount(0);
  expect(faults).toEqual([]);
});

test('a reload in the middle of an answer goes on where it was, and a second tab reads along', async ({ page, omniai }) => {
  await makeOwner(page, omniai);
  await chooseModel(page, SLOW_MODEL);
  await ask(page, 'Count.');
  const answer = page.getByRole('article', { name: 'Answer' });
  await expect(answer).toContainText('tok10');
  const second = await page.context().newPage();
  await second.goto(page.url());
  await page.reload();
  await expect(answer.locator('.md').first()).toHaveText(WHOLE, { timeout: 15_000 });
  await expect(second.getByRole('article', { name: 'Answer' }).locator('.md').first()).toHaveText(WHOLE, { timeout: 15_000 });
});

test('a second tab that is open shows what is asked in the first, while it is answered', async ({ page, omniai }) => {
  await makeOwner(page, omniai);
  await ask(page, 'Hello.');
  const answers = page.getByRole('article', { name: 'Answer' });
  await expect(answers).toContainText('That is all.');
  const second = await page.context().newPage();
  await second.goto(page.url());
  const there = second.getByRole('article', { name: 'Answer' });
  await expect(there).toContainText('That is all.');
  await chooseModel(page, SLOW_MODEL);
  await ask(page, 'Count.');
  await expect(there.nth(1)).toContainText('tok5');
  await expect(second.getByRole('button', { name: 'Stop' })).toBeVisible();
  for (const both of [answers, there]) await expect(both.nth(1).locator('.md').first()).toHaveText(WHOLE, { timeout: 15_000 });
  await expect(second.getByRole('article', { name: 'Your question' })).toHaveCount(2);
});

test('Stop keeps what has come, and the answer can be asked again', async ({ page, omniai }) => {
  await makeOwner(page, omniai);
  await chooseModel(page, SLOW_MODEL);
  await ask(page, 'Count.');
  const answer = page.getByRole('article', { name: 'Answer' });
  await expect(answer).toContainText('tok5');
  await page.getByRole('button', { name: 'Stop' }).click();
  await expect(answer).toContainText('Stopped. The text so far is kept.');
  await expect(answer).not.toContainText('tok99');
  await answer.hover();
  await answer.getByRole('button', { name: 'Answer again' }).click();
  await expect(answer).toContainText('tok99', { timeout: 15_000 });
  await expect(page.getByRole('group', { name: 'Versions' })).toContainText('2');
});

test('a crash of the server in the middle of an answer loses nothing that was stored', async ({ page, omniai }) => {
  await makeOwner(page, omniai);
  await chooseModel(page, SLOW_MODEL);
  await ask(page, 'Count.');
  const answer = page.getByRole('article', { name: 'Answer' });
  await expect(answer).toContainText('tok60');
  await omniai.killServer();
  await omniai.startServer();
  await page.reload();
  await expect(answer).toContainText('interrupted');
  await expect(answer).toContainText('tok20');
});

test('a model server that is away is said plainly, and the question is not lost', async ({ page, omniai }) => {
  await makeOwner(page, omniai);
  await ask(page, 'First?');
  const answers = page.getByRole('article', { name: 'Answer' });
  await expect(answers).toContainText('That is all.');
  await chooseModel(page, SLOW_MODEL);
  await omniai.stopStudio();
  await ask(page, 'Are you there?');
  await expect(page.getByText(/could not be reached|cannot be reached/).first()).toBeVisible();
  await expect(
    page
      .getByText('Are you there?')
      .or(page.getByRole('textbox', { name: 'Your question' }))
      .first(),
  ).toBeVisible();
});

test('a conversation is renamed and deleted in place', async ({ page, omniai }) => {
  await makeOwner(page, omniai);
  await ask(page, 'Old name');
  await expect(page.getByRole('article', { name: 'Answer' })).toContainText('That is all.');
  const row = page.getByRole('navigation').getByRole('listitem').filter({ hasText: 'Old name' });
  await row.hover();
  await page.getByRole('button', { name: 'Menu of Old name' }).click();
  await page.getByRole('menuitem', { name: 'Rename' }).click();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type('New name');
  await page.keyboard.press('Enter');
  await page.reload();
  const renamed = page.getByRole('navigation').getByRole('listitem').filter({ hasText: 'New name' });
  await expect(renamed).toBeVisible();
  await renamed.hover();
  await page.getByRole('button', { name: 'Menu of New name' }).click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await expect(renamed).toHaveCount(0);
  await page.reload();
  await expect(renamed).toHaveCount(0);
});
