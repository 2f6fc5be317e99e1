// One's own account: sign-ins seen and ended from elsewhere, a new password, a one-time link, an allowance, the end.
import { readFile } from 'node:fs/promises';

import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Browser, type BrowserContext, type Page } from '@playwright/test';

import { ask, BOOTSTRAP_TOKEN, chooseModel, makeOwner, PASSWORD, test, type Installation } from './installation';

const NEW_PASSWORD = 'another horse battery';
// Says the question and a few words more, five words in a second.
const SLOW_MODEL = 'fault-drip-200';
const LONG_QUESTION = Array.from({ length: 20 }, (_, place) => `word${place}`).join(' ');
const AXE_TAGS = ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'];
const question = (page: Page) => page.getByRole('textbox', { name: 'Your question' });

async function signIn(
  browser: Browser,
  omniai: Installation,
  name: string,
  password = PASSWORD,
): Promise<{ page: Page; context: BrowserContext }> {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(omniai.url);
  await page.getByLabel('User name').fill(name);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.keyboard.press('Enter');
  return { page, context };
}

async function flaws(page: Page): Promise<string[]> {
  const found = await new AxeBuilder({ page }).withTags(AXE_TAGS).analyze();
  return found.violations.map(({ id }) => id);
}

/** Calls the server as the owner, by a token of its own. */
async function asOwner(omniai: Installation, method: string, path: string, body?: unknown): Promise<unknown> {
  const login = await fetch(`${omniai.url}/auth/login`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ username: 'owner', password: PASSWORD }),
  });
  const { access_token: token } = (await login.json()) as { access_token: string };
  const answer = await fetch(omniai.url + path, {
    method,
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
    body: body === undefined ? null : JSON.stringify(body),
  });
  expect(answer.ok).toBe(true);
  return answer.status === 204 ? null : answer.json();
}

async function join(omniai: Installation, name: string): Promise<string> {
  const { code } = (await asOwner(omniai, 'POST', '/admin/invites', {})) as { code: string };
  const answer = await fetch(`${omniai.url}/auth/register`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ invite_code: code, username: name, password: PASSWORD }),
  });
  const { user } = (await answer.json()) as { user: { id: string } };
  return user.id;
}

test('a sign-in elsewhere is seen and ended, and what was written there stays', async ({ page, browser, omniai }) => {
  await makeOwner(page, omniai);
  const { page: elsewhere, context } = await signIn(browser, omniai, 'owner');
  await question(elsewhere).fill('Half a question');
  await page.goto(`${omniai.url}/#/settings`);
  const lines = page.getByRole('region', { name: 'Signed in' }).getByRole('listitem');
  await expect(lines).toHaveCount(2);
  await expect(lines.filter({ hasText: 'This one' })).toHaveCount(1);
  await page.getByRole('button', { name: 'Sign out Chrome on Linux' }).click();
  await expect(lines).toHaveCount(1);
  await elsewhere.keyboard.press('Enter');
  const dialog = elsewhere.getByRole('dialog', { name: 'Your sign-in has ended' });
  await expect(dialog).toBeVisible();
  await dialog.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await elsewhere.keyboard.press('Enter');
  await expect(dialog).toBeHidden();
  await expect(question(elsewhere)).toHaveValue('Half a question');
  await context.close();
});

test('an answer that is under way outlives the end of its sign-in', async ({ page, browser, omniai }) => {
  await makeOwner(page, omniai);
  const { page: elsewhere, context } = await signIn(browser, omniai, 'owner');
  await chooseModel(elsewhere, SLOW_MODEL);
  await ask(elsewhere, LONG_QUESTION);
  const answer = elsewhere.getByRole('article', { name: 'Answer' });
  await expect(answer).toContainText('word0');
  await page.goto(`${omniai.url}/#/settings`);
  await page.getByRole('button', { name: 'Sign out everywhere else' }).click();
  const dialog = elsewhere.getByRole('dialog', { name: 'Your sign-in has ended' });
  await expect(dialog).toBeVisible();
  await dialog.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await elsewhere.keyboard.press('Enter');
  await expect(answer).toContainText('That is all.', { timeout: 20_000 });
  await expect(answer.getByText(`You asked: ${LONG_QUESTION}`, { exact: true })).toBeVisible();
  await context.close();
});

test('a switched-off account is told so in the middle of an answer', async ({ page, browser, omniai }) => {
  await makeOwner(page, omniai);
  const id = await join(omniai, 'maria');
  const { page: hers, context } = await signIn(browser, omniai, 'maria');
  await chooseModel(hers, SLOW_MODEL);
  await ask(hers, LONG_QUESTION);
  await expect(hers.getByRole('article', { name: 'Answer' })).toContainText('word0');
  await asOwner(omniai, 'PATCH', `/admin/users/${id}`, { status: 'disabled' });
  await expect(hers.getByText('This account is switched off.').first()).toBeVisible({ timeout: 10_000 });
  await expect(hers.getByRole('article', { name: 'Answer' })).toContainText('word0');
  await context.close();
});

test('a new password signs the others out and this page not', async ({ page, browser, omniai }) => {
  await makeOwner(page, omniai);
  const { page: elsewhere, context } = await signIn(browser, omniai, 'owner');
  await question(elsewhere).fill('Half a question');
  await page.goto(`${omniai.url}/#/settings`);
  await page.getByLabel('Present password', { exact: true }).fill('not the present one');
  await page.getByLabel('New password', { exact: true }).fill(NEW_PASSWORD);
  await page.getByRole('button', { name: 'Change the password' }).click();
  await expect(page.getByText('This is not your present password.')).toBeVisible();
  await page.getByLabel('Present password', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Change the password' }).click();
  await expect(page.getByText('Your new password is saved.')).toBeVisible();
  await page.reload();
  await expect(page.getByRole('heading', { name: 'Settings' })).toBeVisible();
  await question(elsewhere).press('Enter');
  const dialog = elsewhere.getByRole('dialog', { name: 'Your sign-in has ended' });
  await dialog.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await elsewhere.keyboard.press('Enter');
  await expect(dialog.getByText('The name or the password is not right.')).toBeVisible();
  await dialog.getByLabel('Password', { exact: true }).fill(NEW_PASSWORD);
  await elsewhere.keyboard.press('Enter');
  await expect(dialog).toBeHidden();
  await expect(question(elsewhere)).toHaveValue('Half a question');
  await context.close();
});

test('one takes along what one has', async ({ page, omniai }) => {
  await makeOwner(page, omniai);
  await ask(page, 'First?');
  await expect(page.getByRole('article', { name: 'Answer' })).toContainText('That is all.');
  await page.goto(`${omniai.url}/#/settings`);
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Export everything' }).click()]);
  expect(download.suggestedFilename()).toBe('omniai-owner.zip');
  const zip = (await readFile(await download.path())).toString('latin1');
  // The names of a zip's files stand at its end, in clear.
  expect(zip.slice(0, 2)).toBe('PK');
  expect(zip).toMatch(/conversations\/[\w-]{36}\.json.*manifest\.json/s);
});

test('a one-time link leads to a new password', async ({ page, browser, omniai }) => {
  await makeOwner(page, omniai);
  const id = await join(omniai, 'maria');
  const { link } = (await asOwner(omniai, 'POST', `/admin/users/${id}/reset-password`)) as { link: string };
  const context = await browser.newContext();
  const hers = await context.newPage();
  await hers.goto(link);
  await expect(hers.getByRole('heading', { name: 'Choose a new password' })).toBeVisible();
  expect(hers.url()).toBe(`${omniai.url}/#/reset`);
  await hers.reload();
  await expect(hers.getByRole('heading', { name: 'Open your link once more' })).toBeVisible();
  await hers.goto(link);
  await hers.getByLabel('New password', { exact: true }).fill('short');
  await hers.keyboard.press('Enter');
  await expect(hers.getByText('A password has at least 10 characters.')).toBeVisible();
  await hers.getByLabel('New password', { exact: true }).fill(NEW_PASSWORD);
  await hers.keyboard.press('Enter');
  await expect(hers.getByText('Your new password is saved. Sign in with it.')).toBeVisible();
  await hers.getByLabel('User name').fill('maria');
  await hers.getByLabel('Password', { exact: true }).fill(NEW_PASSWORD);
  await hers.keyboard.press('Enter');
  await expect(question(hers)).toBeVisible();
  // The same link once more, also for somebody who is signed in.
  await hers.goto(link);
  await hers.getByLabel('New password', { exact: true }).fill(`${NEW_PASSWORD} 2`);
  await hers.keyboard.press('Enter');
  await expect(hers.getByText('This link is no longer good')).toBeVisible();
  await context.close();
});

test('one can change the password by keyboard alone', async ({ page, omniai }) => {
  await makeOwner(page, omniai);
  await page.goto(`${omniai.url}/#/settings`);
  await expect(page.getByText('This one')).toBeVisible();
  const present = page.getByLabel('Present password', { exact: true });
  for (let step = 0; step < 40 && !(await present.evaluate((box) => box === document.activeElement)); step += 1) {
    await page.keyboard.press('Tab');
  }
  await expect(present).toBeFocused();
  await page.keyboard.type(PASSWORD);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await expect(page.getByLabel('New password', { exact: true })).toBeFocused();
  await page.keyboard.type(NEW_PASSWORD);
  await page.keyboard.press('Enter');
  await expect(page.getByText('Your new password is saved.')).toBeVisible();
});

test.describe('with a small allowance', () => {
  test.use({ settings: { OMNIAI_QUOTA_MESSAGES_PER_DAY: '2' } });

  test('what is left is said, and a refused question stays in the box', async ({ page, omniai }) => {
    await page.setViewportSize({ width: 320, height: 640 });
    await makeOwner(page, omniai);
    await expect(page.getByText('left today')).toBeHidden();
    await ask(page, 'One');
    await expect(page.getByRole('article', { name: 'Answer' })).toContainText('That is all.');
    await expect(page.getByRole('button', { name: 'Stop' })).toBeHidden();
    await ask(page, 'Two');
    await expect(page.getByText(/No messages left today, new in \d+/)).toBeVisible();
    await expect(page.getByRole('button', { name: 'Stop' })).toBeHidden();
    expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0);
    await ask(page, 'Three');
    await expect(page.getByText('The allowance of the day is used up.')).toBeVisible();
    await expect(question(page)).toHaveValue('Three');
    await page.goto(`${omniai.url}/#/settings`);
    await expect(page.getByRole('region', { name: 'Used today' })).toContainText('2 of 2');
  });
});

test.describe('with a proof that is soon too old', () => {
  test.use({ settings: { OMNIAI_REAUTH_SECONDS: '1' } });

  test('an account is closed after the password was asked once more', async ({ page, browser, omniai }) => {
    await makeOwner(page, omniai);
    await join(omniai, 'maria');
    const { page: hers, context } = await signIn(browser, omniai, 'maria');
    await ask(hers, 'Something of mine');
    await expect(hers.getByRole('article', { name: 'Answer' })).toContainText('That is all.');
    await question(hers).fill('A thought of mine');
    await hers.goto(`${omniai.url}/#/settings`);
    await hers.getByRole('button', { name: 'Close my account …' }).click();
    await expect(hers.getByRole('button', { name: 'Delete everything' })).toBeDisabled();
    await hers.getByLabel('Your user name').fill('maria');
    await hers.keyboard.press('Enter');
    const proof = hers.getByRole('dialog', { name: 'Your password, once more' });
    await proof.getByLabel('Password', { exact: true }).fill('not hers at all');
    await hers.keyboard.press('Enter');
    await expect(proof.getByText('The name or the password is not right.')).toBeVisible();
    await proof.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await hers.keyboard.press('Enter');
    await expect(hers.getByText('Your account is closed.')).toBeVisible();
    expect(await hers.evaluate(() => Object.keys(localStorage).filter((key) => key.includes('draft')))).toEqual([]);
    await hers.getByLabel('User name').fill('maria');
    await hers.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await hers.keyboard.press('Enter');
    await expect(hers.getByText('The name or the password is not right.')).toBeVisible();
    await context.close();
  });
});

test.describe('with rate limits', () => {
  test.use({ settings: { OMNIAI_RATE_LIMIT_ENABLED: 'true', OMNIAI_RATE_LIMIT_AUTH: '1000' } });

  test('a locked name says for how long', async ({ page, browser, omniai }) => {
    await makeOwner(page, omniai);
    const context = await browser.newContext();
    const stranger = await context.newPage();
    await stranger.goto(omniai.url);
    await stranger.getByLabel('User name').fill('owner');
    for (let attempt = 0; attempt < 5; attempt += 1) {
      await stranger.getByLabel('Password', { exact: true }).fill(`a wrong password ${attempt}`);
      await stranger.getByRole('button', { name: 'Sign in' }).click();
      await expect(stranger.getByRole('alert')).toContainText('not right');
    }
    await stranger.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await stranger.getByRole('button', { name: 'Sign in' }).click();
    await expect(stranger.getByRole('alert')).toContainText('Try again in 15 minutes');
    await context.close();
  });
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`settings and the door of a link have no flaw that axe finds, ${colorScheme}`, async ({ page, omniai, faults }) => {
    await page.emulateMedia({ colorScheme });
    await makeOwner(page, omniai);
    await page.setViewportSize({ width: 320, height: 640 });
    await page.goto(`${omniai.url}/#/settings`);
    await expect(page.getByText('This one')).toBeVisible();
    await page.getByRole('button', { name: 'Close my account …' }).click();
    await expect(page.getByRole('dialog', { name: 'Close your account?' })).toBeVisible();
    expect(await flaws(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await expect(page.getByRole('button', { name: 'Close my account …' })).toBeFocused();
    for (const address of ['#/settings', `#/reset?token=${BOOTSTRAP_TOKEN}`]) {
      await page.goto(`${omniai.url}/${address}`);
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
      expect(await flaws(page)).toEqual([]);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      expect(overflow).toBeLessThanOrEqual(0);
    }
    expect(faults).toEqual([]);
  });
}
