// The administrators' pages in a real browser: what is done there is felt by the person, and stands in the log.
import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Browser, type Page } from '@playwright/test';

import { ask, makeOwner, PASSWORD, test, type Installation } from './installation';
import { askAs, join } from './people';

const question = (page: Page) => page.getByRole('textbox', { name: 'Your question' });

async function open(page: Page, omniai: Installation, path: string): Promise<void> {
  await page.goto(`${omniai.url}/#/admin${path}`);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
}

async function openPerson(page: Page, omniai: Installation, name: string): Promise<void> {
  await open(page, omniai, '/people');
  await page.getByRole('link', { name: new RegExp(`^${name}`) }).click();
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
}

async function signIn(page: Page, omniai: Installation, username: string, password = PASSWORD): Promise<void> {
  await page.goto(omniai.url);
  await page.getByLabel('User name').fill(username);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.keyboard.press('Enter');
  await question(page).waitFor();
}

async function elsewhere(browser: Browser): Promise<Page> {
  return (await browser.newContext()).newPage();
}

const entries = (page: Page) => page.getByRole('list', { name: 'Entries' }).getByRole('listitem');

test('the way in is for administrators, and leads to the figures', async ({ page, browser, omniai, faults }) => {
  await makeOwner(page, omniai);
  const [maria = ''] = await join(omniai, ['maria']);
  await askAs(omniai, maria, 'What is a lamp?');
  await page.getByRole('button', { name: 'owner' }).click();
  await page.getByRole('menuitem', { name: 'Admin' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Overview' })).toBeVisible();
  await expect(page.getByRole('term').filter({ hasText: 'People' }).locator('..')).toContainText('2');
  await expect(page.getByRole('term').filter({ hasText: 'Messages today' }).locator('..')).toContainText('1');
  await expect(page.getByRole('listitem').filter({ hasText: 'LM Studio' })).toContainText('answers');
  await expect(page.getByRole('listitem').filter({ hasText: 'LM Studio' })).toContainText(/\d ms for its list/);
  await expect(page.getByRole('figure').getByRole('img')).toBeVisible();
  await expect(page.getByRole('link', { name: 'Every day, person and model' })).toBeVisible();
  await expect(page.getByText('What is a lamp?')).toHaveCount(0);

  const guest = await elsewhere(browser);
  await signIn(guest, omniai, 'maria');
  await guest.getByRole('button', { name: 'maria' }).click();
  await expect(guest.getByRole('menuitem', { name: 'Settings' })).toBeVisible();
  await expect(guest.getByRole('menuitem', { name: 'Admin' })).toHaveCount(0);
  await guest.goto(`${omniai.url}/#/admin/audit`);
  await expect(guest.getByRole('heading', { name: 'This page is for administrators' })).toBeVisible();
  await guest.context().close();
  expect(faults).toEqual([]);
});

test('the first steps are told, are live, and go when one wants that', async ({ page, omniai }) => {
  await makeOwner(page, omniai);
  await open(page, omniai, '');
  const steps = page.getByRole('region', { name: 'Before others come in' });
  await expect(steps.getByRole('status')).toHaveText('1 of 5 done');
  await expect(steps.getByRole('listitem').filter({ hasText: 'A model is there' }).getByRole('img', { name: 'done' })).toBeVisible();
  await expect(steps.getByRole('listitem').filter({ hasText: 'OMNIAI_BACKUP_EVERY_HOURS' })).toBeVisible();
  await expect(page.getByText('No backups are made by themselves.')).toBeVisible();
  await steps.getByRole('link', { name: 'Go to invites' }).click();
  await page.getByRole('button', { name: 'Make an invite' }).click();
  await expect(page.getByLabel('Link of the invite', { exact: true })).toBeVisible();
  await page.goBack();
  await expect(steps.getByRole('status')).toHaveText('2 of 5 done');
  await steps.getByRole('button', { name: 'Do not show this again' }).press('Enter');
  await expect(steps).toHaveCount(0);
  await page.reload();
  await expect(page.getByText('Conversations', { exact: true }).first()).toBeVisible();
  await expect(steps).toHaveCount(0);
});

test('people are found, switched off and on, and signed out', async ({ page, browser, omniai }) => {
  await makeOwner(page, omniai);
  await join(omniai, ['maria', 'karl']);
  const guest = await elsewhere(browser);
  await signIn(guest, omniai, 'maria');

  await open(page, omniai, '/people');
  const people = page.getByRole('list', { name: 'People' }).getByRole('listitem');
  await expect(people).toHaveCount(3);
  await page.getByRole('searchbox', { name: 'Name' }).fill('MAR');
  await expect(people).toHaveCount(1);
  await expect(page).toHaveURL(/\?q=MAR$/);
  await people.getByRole('link').click();
  await page.getByRole('button', { name: 'Switch off' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Switch off' }).click();
  await expect(page.getByText('maria is switched off and cannot sign in.')).toBeVisible();
  await expect(page.getByRole('dialog')).toHaveCount(0);

  await ask(guest, 'Am I still here?');
  await expect(guest.getByText(/switched off/i).first()).toBeVisible();

  await page.goBack();
  await expect(page.getByRole('searchbox', { name: 'Name' })).toHaveValue('MAR');
  await page.getByRole('searchbox', { name: 'Name' }).fill('');
  await page.getByRole('radio', { name: 'Switched off' }).check();
  await expect(people).toHaveText([/maria.*switched off/]);
  await people.getByRole('link').click();
  await page.getByRole('button', { name: 'Switch on' }).click();
  await expect(page.getByText('maria can sign in.')).toBeVisible();

  await guest.reload();
  await expect(question(guest)).toBeVisible();
  await page.getByRole('button', { name: 'End all sign-ins' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'End all sign-ins' }).click();
  await expect(page.getByText('maria is signed out everywhere.')).toBeVisible();
  await ask(guest, 'And now?');
  await expect(guest.getByLabel('Password', { exact: true })).toBeVisible();
  await guest.context().close();
});

test.describe('with a password that is soon stale', () => {
  const STALE_MS = 1500;
  test.use({ settings: { OMNIAI_REAUTH_SECONDS: '1' } });

  test('a role is changed after the password is given once more; the last administrator stays', async ({ page, omniai }) => {
    await makeOwner(page, omniai);
    await join(omniai, ['maria']);
    await openPerson(page, omniai, 'owner');
    await page.waitForTimeout(STALE_MS);
    await page.getByRole('button', { name: 'Make an ordinary person' }).click();
    await page.getByRole('button', { name: 'Take it away' }).click();
    await proveOnce(page);
    await expect(page.getByRole('alert')).toContainText('This is the only administrator who can sign in.');
    await page.getByRole('button', { name: 'Leave it' }).click();

    await openPerson(page, omniai, 'maria');
    await page.waitForTimeout(STALE_MS);
    await page.getByRole('button', { name: 'Make an administrator' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Make an administrator' }).click();
    await proveOnce(page);
    await expect(page.getByText(/^maria is an administrator/)).toBeVisible();
    await open(page, omniai, '/audit?action=user.updated');
    await expect(entries(page)).toHaveText([/Changed a person: maria.*owner/]);
  });
});

async function proveOnce(page: Page): Promise<void> {
  await page.getByRole('dialog').getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.keyboard.press('Enter');
}

test('limits are set, felt and taken back', async ({ page, browser, omniai }) => {
  await makeOwner(page, omniai);
  const [maria = ''] = await join(omniai, ['maria']);
  await askAs(omniai, maria, 'One?');
  await openPerson(page, omniai, 'maria');
  await expect(page.getByText(/Used today: 1 of 200 messages/)).toBeVisible();
  await page.getByLabel('Messages a day').fill('1');
  await page.getByLabel('Tokens a day').fill('');
  await page.getByRole('button', { name: 'Save the limits' }).click();
  await expect(page.getByText(/Used today: 1 of 1 message, \d+ tokens\./)).toBeVisible();
  await expect(page.getByText(/this person’s own/)).toBeVisible();

  const guest = await elsewhere(browser);
  await signIn(guest, omniai, 'maria');
  await ask(guest, 'Two?');
  await expect(guest.getByText(/limit|used up/i).first()).toBeVisible();
  await expect(guest.getByText('Two?').or(question(guest)).first()).toBeVisible();
  await guest.context().close();

  await page.getByRole('button', { name: 'Use the defaults' }).click();
  await expect(page.getByText(/These are the defaults/)).toBeVisible();
  await askAs(omniai, maria, 'Three?');
  await open(page, omniai, '/usage?group=user');
  await expect(
    page
      .getByRole('row', { name: /^maria/ })
      .getByRole('cell')
      .first(),
  ).toHaveText('2');
  await page.getByRole('radio', { name: 'Model' }).check();
  await expect(page.getByRole('rowheader', { name: 'tiny-chat-1b' })).toBeVisible();
  await page.getByRole('radio', { name: 'Day' }).check();
  await expect(page.getByRole('img', { name: /^Tokens by day/ })).toBeVisible();
  await page.reload();
  await expect(page.getByRole('radio', { name: 'Day' })).toBeChecked();
});

test('a reset link gives a new password once', async ({ page, browser, omniai }) => {
  await makeOwner(page, omniai);
  await join(omniai, ['maria']);
  await openPerson(page, omniai, 'maria');
  await page.getByRole('button', { name: 'Make a reset link' }).click();
  await expect(page.getByRole('img', { name: 'QR code: Reset link' })).toBeVisible();
  const link = await page.getByLabel('Reset link', { exact: true }).inputValue();
  expect(link).toMatch(/#\/reset\?token=[\w-]{20,}$/);
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
  await expect(page.getByText(link)).toHaveCount(0);

  const token = new URLSearchParams(link.split('?')[1]).get('token');
  const use = () =>
    fetch(`${omniai.url}/auth/reset`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ token, new_password: 'quite another horse' }),
    });
  expect((await use()).status).toBe(204);
  expect((await use()).status).toBe(400);
  const guest = await elsewhere(browser);
  await signIn(guest, omniai, 'maria', 'quite another horse');
  await guest.context().close();
});

test('a person is deleted once their name is typed', async ({ page, omniai }) => {
  await makeOwner(page, omniai);
  await join(omniai, ['maria']);
  await openPerson(page, omniai, 'maria');
  await page.getByRole('button', { name: 'Delete maria' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('button', { name: 'Delete for good' })).toBeDisabled();
  await dialog.getByLabel('Their user name').fill('maria');
  await dialog.getByRole('button', { name: 'Delete for good' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'People' })).toBeVisible();
  await expect(page.getByRole('list', { name: 'People' }).getByRole('listitem')).toHaveText([/^owner/]);
  await open(page, omniai, '/audit');
  await expect(entries(page).first()).toContainText('Deleted a person');
  await expect(entries(page).filter({ hasText: 'maria' })).toHaveCount(0);
  await page.getByRole('button', { name: 'Check the log' }).click();
  await expect(page.getByText(/^The log is whole/)).toBeVisible();
});

test('an invite’s picture holds its link', async ({ page, browser, omniai }) => {
  await makeOwner(page, omniai);
  await open(page, omniai, '/invites');
  await page.getByRole('button', { name: 'Make an invite' }).click();
  await expect(page.getByRole('img', { name: 'QR code: Link of the invite' })).toBeVisible();
  const link = await page.getByLabel('Link of the invite', { exact: true }).inputValue();
  const guest = await elsewhere(browser);
  await guest.goto(link);
  await expect(guest.getByRole('heading', { name: 'owner invites you' })).toBeVisible();
  await guest.context().close();
});

test('the log is filtered by its address, opened, checked and exported', async ({ page, omniai, faults }) => {
  await makeOwner(page, omniai);
  await join(omniai, ['maria', 'karl']);
  await open(page, omniai, '/audit');
  await expect(entries(page)).toHaveText([
    /Joined.*karl/,
    /Joined.*maria/,
    /Made an invite.*owner/,
    /Signed in.*owner/,
    /Set up OmniAI.*owner/,
  ]);

  await page.getByLabel('What').selectOption({ label: 'All: Accounts and sign-ins' });
  await expect(entries(page)).toHaveCount(4);
  await page.getByLabel('Who').fill('maria');
  await expect(entries(page)).toHaveText([/Joined.*maria/]);
  await expect(page).toHaveURL(/action=auth\.&actor=maria$/);
  await page.reload();
  await expect(entries(page)).toHaveText([/Joined.*maria/]);
  await expect(page.getByLabel('Who')).toHaveValue('maria');
  await entries(page).locator('summary').click();
  await expect(entries(page).getByRole('term').filter({ hasText: 'Address' })).toBeVisible();
  await expect(entries(page)).toContainText('127.0.0.1');
  await expect(entries(page)).toContainText('auth.register');

  await page.getByLabel('Outcome').selectOption('refused');
  await expect(page.getByText('No entry of the log is like that.')).toBeVisible();
  await page.getByRole('button', { name: 'Show everything' }).click();
  await expect(entries(page)).toHaveCount(5);
  await page.getByLabel('From').fill('2020-01-01');
  await page.getByLabel('Until').focus();
  await page.keyboard.type('12312020');
  await expect(page).toHaveURL(/from=2020-01-01&until=2020-12-31$/);
  await expect(page.getByText('No entry of the log is like that.')).toBeVisible();
  await page.getByRole('button', { name: 'Show everything' }).click();

  await page.getByRole('button', { name: 'Check the log' }).click();
  await expect(page.getByText('The log is whole: nothing in its 5 entries was changed, and none is missing.')).toBeVisible();

  for (const [button, name, first] of [
    ['Export as CSV', 'omniai-audit.csv', /^"seq","at","action"/],
    ['Export as JSON lines', 'omniai-audit.jsonl', /^\{.*"seq": ?1\b.*\}$/m],
  ] as const) {
    const coming = page.waitForEvent('download');
    await page.getByRole('button', { name: button }).click();
    const download = await coming;
    expect(download.suggestedFilename()).toBe(name);
    const pieces: Buffer[] = [];
    for await (const piece of await download.createReadStream()) pieces.push(Buffer.from(piece as Uint8Array));
    expect(Buffer.concat(pieces).toString()).toMatch(first);
  }
  await expect(entries(page).first()).toContainText('Exported the log');
  expect(faults).toEqual([]);
});

const PAGES = ['', '/people', '/invites', '/servers', '/usage', '/usage?group=user', '/audit'] as const;

async function violations(page: Page): Promise<string[]> {
  const found = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']).analyze();
  return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => String(target)).join(', ')}`);
}

for (const colorScheme of ['light', 'dark'] as const) {
  test(`no page of administration has a flaw that axe finds, nor scrolls sideways on a phone, ${colorScheme}`, async ({ page, omniai }) => {
    await page.emulateMedia({ colorScheme });
    await makeOwner(page, omniai);
    const [maria = ''] = await join(omniai, ['maria']);
    await askAs(omniai, maria, 'What is a lamp?');
    const examine = async (): Promise<void> => {
      await expect(page.locator('.skeleton-bar')).toHaveCount(0);
      expect(await violations(page)).toEqual([]);
      await page.setViewportSize({ width: 320, height: 640 });
      const frames = page.locator('html, main > div');
      expect(await frames.evaluateAll((all) => Math.max(...all.map((one) => one.scrollWidth - one.clientWidth)))).toBeLessThanOrEqual(0);
      await page.setViewportSize({ width: 1280, height: 800 });
    };
    for (const path of PAGES) {
      await open(page, omniai, path);
      await examine();
    }
    await entries(page).first().locator('summary').click();
    await examine();
    await openPerson(page, omniai, 'maria');
    await examine();
    await page.getByRole('button', { name: 'Make a reset link' }).click();
    await expect(page.getByRole('img', { name: /^QR code/ })).toBeVisible();
    expect(await violations(page)).toEqual([]);
  });
}

test('each model server shows what it offers, and is asked when one wants to know', async ({ page, omniai, faults }) => {
  await makeOwner(page, omniai);
  await open(page, omniai, '');
  await page.getByRole('link', { name: 'What they offer' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Model servers' })).toBeVisible();
  const studio = page.getByRole('region', { name: 'LM Studio' });
  const offered = studio.getByRole('list', { name: 'What LM Studio offers' });
  await expect(offered.getByRole('listitem').filter({ hasText: 'tiny-chat-1b' })).toContainText('tokens of context');
  await expect(studio.getByText('answers', { exact: true })).toBeVisible();
  await omniai.stopStudio();
  const asking = studio.getByRole('button', { name: 'Ask LM Studio now' });
  await asking.focus();
  await page.keyboard.press('Enter');
  await expect(studio.getByText('does not answer')).toBeVisible();
  await expect(studio.getByText('PROVIDER_UNREACHABLE')).toBeVisible();
  await expect(studio.getByText('What it offers is listed when it answers again.')).toBeVisible();
  await expect(offered).toHaveCount(0);
  await expect(asking).toBeFocused();
  expect(faults).toEqual([]);
});

test('one can find a person and switch them off by keyboard alone', async ({ page, omniai }) => {
  await makeOwner(page, omniai);
  await join(omniai, ['maria']);
  await open(page, omniai, '');
  const press = async (key: string, until: () => Promise<boolean>): Promise<void> => {
    for (let step = 0; step < 30 && !(await until()); step += 1) await page.keyboard.press(key);
    expect(await until()).toBe(true);
  };
  const focused = (name: string) => () =>
    page.evaluate((wanted) => (document.activeElement?.textContent ?? '').trim().startsWith(wanted), name);
  await press('Shift+Tab', focused('People'));
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: 'People' })).toBeFocused();
  await page.keyboard.press('Tab');
  await page.keyboard.type('maria');
  await expect(page.getByRole('list', { name: 'People' }).getByRole('listitem')).toHaveCount(1);
  await press('Tab', focused('maria'));
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: 'maria' })).toBeFocused();
  await press('Tab', focused('Switch off'));
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog')).toBeVisible();
  await press('Tab', focused('Switch off'));
  await page.keyboard.press('Enter');
  await expect(page.getByText('maria is switched off and cannot sign in.')).toBeVisible();
  await expect(page.getByRole('dialog')).toHaveCount(0);
});
