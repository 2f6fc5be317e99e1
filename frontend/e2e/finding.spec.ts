// Finding one's way: the list with what can be done in it, the search, the palette and the keys, by mouse, finger and key.
import { expect, type Locator, type Page } from '@playwright/test';

import { violations } from './axe';
import { ask, chooseModel, makeOwner, test } from './installation';
import { askAs, makeConversations, signInAs, titlesOf } from './people';
import { choose, link, list, row, withConversations } from './sidebar';

const toast = (page: Page): Locator => page.getByRole('status').filter({ has: page.getByRole('button', { name: 'Close' }) });
const composer = (page: Page): Locator => page.getByRole('textbox', { name: 'Your question' });
const palette = (page: Page): Locator => page.getByRole('combobox', { name: 'Go to anything' });
const option = (page: Page, name: RegExp | string): Locator => page.getByRole('option', { name });

const NUMBERS = Array.from({ length: 260 }, (_, number) => `Talk ${String(number).padStart(3, '0')}`);

test.describe('the list', () => {
  test('is a list to its end for the keyboard and for a screen reader', async ({ page, omniai, faults }) => {
    await withConversations(page, omniai, NUMBERS);
    faults.length = 0;
    await link(page, 'Talk 259').focus();
    await page.keyboard.press('ArrowDown');
    await expect(link(page, 'Talk 258')).toBeFocused();
    await expect(row(page, 'Talk 258')).toHaveAttribute('aria-posinset', '2');
    await expect(row(page, 'Talk 258')).toHaveAttribute('aria-setsize', '-1');
    await expect(async () => {
      await page.keyboard.press('End');
      await expect(link(page, 'Talk 000')).toBeFocused({ timeout: 200 });
    }).toPass();
    await expect(row(page, 'Talk 000')).toHaveAttribute('aria-setsize', '260');
    await expect(row(page, 'Talk 000')).toHaveAttribute('aria-posinset', '260');
    expect(await list(page).getByRole('listitem').count()).toBeLessThan(60);
    await page.keyboard.press('Home');
    await expect(link(page, 'Talk 259')).toBeFocused();
    // What has the focus keeps it when the list is scrolled away from it.
    await row(page, 'Talk 259').hover();
    await page.mouse.wheel(0, 5000);
    await expect(link(page, 'Talk 259')).not.toBeInViewport();
    await page.keyboard.press('ArrowDown');
    await expect(link(page, 'Talk 258')).toBeFocused();
    await expect(link(page, 'Talk 258')).toBeInViewport();
    await page.keyboard.press('Enter');
    await expect(page.getByRole('heading', { level: 1, name: 'Talk 258' })).toBeVisible();
    expect(faults).toEqual([]);
  });

  test('keeps the pinned on top', async ({ page, omniai }) => {
    await withConversations(page, omniai, NUMBERS.slice(0, 60));
    await page.getByRole('searchbox').fill('talk 003');
    await choose(page, 'Talk 003', 'Pin');
    await page.getByRole('searchbox').fill('');
    const pinned = list(page).getByRole('region', { name: 'Pinned' });
    await expect(pinned.getByRole('link')).toHaveText(['Talk 003']);
    await page.reload();
    await expect(pinned.getByRole('link')).toHaveText(['Talk 003']);
    await choose(page, 'Talk 003', 'Unpin');
    await expect(pinned).toHaveCount(0);
    await page.getByRole('searchbox').fill('talk 003');
    await expect(list(page).getByRole('link')).toHaveText(['Talk 003']);
    await page.getByRole('searchbox').fill('nowhere');
    await expect(page.getByText('No title has these words.')).toBeVisible();
  });

  test('gives and takes from the archive', async ({ page, omniai }) => {
    await withConversations(page, omniai, ['Old', 'New']);
    await choose(page, 'Old', 'Archive');
    await expect(row(page, 'Old')).toHaveCount(0);
    await page.getByRole('button', { name: 'Archive', exact: true }).click();
    await expect(list(page).getByRole('link')).toHaveText(['Old']);
    await choose(page, 'Old', 'Take out of the archive');
    await expect(page.getByText('What you archive will be listed here.')).toBeVisible();
    await page.getByRole('button', { name: 'Back to the conversations' }).click();
    await expect(list(page).getByRole('link')).toHaveText(['New', 'Old']);
  });

  test('takes back what the server refuses', async ({ page, omniai }) => {
    await withConversations(page, omniai, ['Mine', 'Other']);
    await omniai.killServer();
    await link(page, 'Mine').focus();
    await page.keyboard.press('F2');
    await expect(page.getByRole('textbox', { name: 'Title' })).toBeFocused();
    await page.keyboard.type('Changed');
    await page.keyboard.press('Enter');
    await expect(toast(page)).toContainText('The new title could not be saved');
    await expect(link(page, 'Mine')).toBeVisible();
    await choose(page, 'Mine', 'Archive');
    await expect(toast(page).filter({ hasText: 'What could not be moved is back in the list.' })).toBeVisible();
    await expect(list(page).getByRole('link')).toHaveText(['Other', 'Mine']);
  });
});

test.describe('deleting', () => {
  test('can be undone for ten seconds, and nothing is lost by it', async ({ page, omniai }) => {
    const token = await withConversations(page, omniai, ['Precious', 'Other']);
    const deletions: string[] = [];
    page.on('request', (request) => request.method() === 'DELETE' && deletions.push(request.url()));
    await choose(page, 'Precious', 'Delete');
    await expect(row(page, 'Precious')).toHaveCount(0);
    await ask(page, 'Something meanwhile');
    await expect(row(page, 'Something meanwhile')).toBeVisible();
    await expect(row(page, 'Precious')).toHaveCount(0);
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect(row(page, 'Precious')).toBeVisible();
    await page.reload();
    await expect(row(page, 'Precious')).toBeVisible();
    expect(deletions).toEqual([]);
    expect(await titlesOf(omniai, token)).toContain('Precious');
  });

  test('is done when its time is over', async ({ page, omniai }) => {
    const token = await withConversations(page, omniai, ['Superfluous', 'Other']);
    await choose(page, 'Superfluous', 'Delete');
    await expect(page.getByRole('button', { name: 'Undo' })).toBeVisible();
    expect(await titlesOf(omniai, token)).toContain('Superfluous');
    await expect(page.getByRole('button', { name: 'Undo' })).toHaveCount(0, { timeout: 12_000 });
    await expect.poll(() => titlesOf(omniai, token)).toEqual(['Other']);
    await expect(row(page, 'Superfluous')).toHaveCount(0);
  });

  test('is done when the page is left before that', async ({ page, omniai }) => {
    const token = await withConversations(page, omniai, ['Superfluous', 'Other']);
    await choose(page, 'Superfluous', 'Delete');
    await expect(row(page, 'Superfluous')).toHaveCount(0);
    await page.goto('about:blank');
    await expect.poll(() => titlesOf(omniai, token)).toEqual(['Other']);
  });

  test('of the open conversation leaves to a new one', async ({ page, omniai }) => {
    await withConversations(page, omniai, ['Open', 'Other']);
    await link(page, 'Open').click();
    await expect(page).toHaveURL(/#\/c\//);
    await choose(page, 'Open', 'Delete');
    await expect(page).toHaveURL(/#\/$/);
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect(link(page, 'Open')).toBeVisible();
  });

  test('that fails brings the conversation back', async ({ page, omniai }) => {
    await withConversations(page, omniai, ['Stubborn', 'Other']);
    await choose(page, 'Stubborn', 'Delete');
    await omniai.killServer();
    await toast(page).getByRole('button', { name: 'Close' }).click();
    await expect(toast(page)).toContainText('“Stubborn” could not be deleted. It is back in the list.');
    await expect(row(page, 'Stubborn')).toBeVisible();
  });
});

test.describe('several at once', () => {
  test('are chosen and archived by mouse', async ({ page, omniai }) => {
    const token = await withConversations(page, omniai, ['Alpha', 'Bravo', 'Charlie', 'Delta', 'Echo']);
    await link(page, 'Delta').click({ modifiers: ['ControlOrMeta'] });
    await link(page, 'Bravo').click({ modifiers: ['Shift'] });
    await expect(page.getByText('3 selected')).toBeVisible();
    await link(page, 'Charlie').click({ modifiers: ['ControlOrMeta'] });
    await expect(page.getByText('2 selected')).toBeVisible();
    await page.getByRole('toolbar').getByRole('button', { name: 'Archive' }).click();
    await expect(list(page).getByRole('link')).toHaveText(['Echo', 'Charlie', 'Alpha']);
    await expect.poll(() => titlesOf(omniai, token)).toEqual(['Echo', 'Charlie', 'Alpha']);
  });

  test('are chosen and deleted by keyboard alone', async ({ page, omniai }) => {
    const token = await withConversations(page, omniai, ['Alpha', 'Bravo', 'Charlie', 'Delta', 'Echo']);
    await link(page, 'Echo').focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Shift+ArrowDown');
    await expect(page.getByText('2 selected')).toBeVisible();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Space');
    await expect(page.getByText('3 selected')).toBeVisible();
    await page.keyboard.press('Delete');
    await expect(list(page).getByRole('link')).toHaveText(['Echo', 'Alpha']);
    await expect(link(page, 'Alpha')).toBeFocused();
    await page.getByRole('button', { name: 'Undo' }).focus();
    await page.keyboard.press('Enter');
    await expect(list(page).getByRole('link')).toHaveText(['Echo', 'Delta', 'Charlie', 'Bravo', 'Alpha']);
    await link(page, 'Alpha').focus();
    await page.keyboard.press('ControlOrMeta+a');
    await expect(page.getByText('5 selected')).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(page.getByText('5 selected')).toHaveCount(0);
    expect(await titlesOf(omniai, token)).toHaveLength(5);
  });
});

test('a conversation shows that it is being answered, and that it was while one was elsewhere', async ({ page, omniai }) => {
  await withConversations(page, omniai, ['Elsewhere']);
  await chooseModel(page, 'pace-20-100');
  await ask(page, 'Count.');
  await expect(page.getByRole('article', { name: 'Answer' })).toContainText('tok5');
  await link(page, 'Elsewhere').click();
  await expect(link(page, 'Answering: Count.')).toBeVisible();
  await expect(link(page, 'Count. (answered meanwhile)')).toBeVisible({ timeout: 15_000 });
  await page.reload();
  await link(page, 'Count. (answered meanwhile)').click();
  await expect(link(page, 'Count. (answered meanwhile)')).toHaveCount(0);
  await expect(page.getByRole('article', { name: 'Answer' })).toContainText('tok99');
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

  test('the drawer does what the sidebar does', async ({ page, omniai }) => {
    await makeOwner(page, omniai);
    const token = await signInAs(omniai, 'owner');
    await makeConversations(omniai, token, ['Alpha', 'Bravo', 'Charlie']);
    await askAs(omniai, token, 'Asked elsewhere');
    await page.reload();
    await page.getByRole('button', { name: 'Open the sidebar' }).click();
    const drawer = page.getByRole('dialog', { name: 'Sidebar' });
    await expect(drawer.getByRole('link', { name: 'Asked elsewhere' })).toBeVisible();
    expect(await violations(page)).toEqual([]);
    await drawer.getByRole('button', { name: 'Menu of Bravo' }).click();
    await page.getByRole('menuitem', { name: 'Select' }).click();
    await drawer.getByRole('link', { name: 'Charlie' }).click();
    await expect(drawer.getByText('2 selected')).toBeVisible();
    await drawer.getByRole('toolbar').getByRole('button', { name: 'Delete' }).click();
    await expect(drawer.getByRole('listitem').getByRole('link')).toHaveText(['Asked elsewhere', 'Alpha']);
    await drawer.getByRole('link', { name: 'Alpha', exact: true }).click();
    await expect(drawer).toHaveCount(0);
    await expect(page.getByRole('heading', { level: 1, name: 'Alpha' })).toBeVisible();
  });
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`nothing of it has a flaw that axe finds, ${colorScheme}`, async ({ page, omniai }) => {
    await page.emulateMedia({ colorScheme });
    await withConversations(page, omniai, NUMBERS.slice(0, 60));
    await choose(page, 'Talk 050', 'Pin');
    await link(page, 'Talk 049').click({ modifiers: ['ControlOrMeta'] });
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('F2');
    await page.getByRole('button', { name: 'Select nothing' }).click();
    await page.getByRole('button', { name: 'Archive', exact: true }).click();
    await expect(page.getByText('What you archive will be listed here.')).toBeVisible();
    expect(await violations(page)).toEqual([]);
  });
}

test.describe('the keys', () => {
  test('the palette goes to conversations, models, actions and settings', async ({ page, omniai, faults }) => {
    await withConversations(page, omniai, ['Boat', 'Soup']);
    faults.length = 0;
    await page.keyboard.press('ControlOrMeta+k');
    await expect(palette(page)).toBeFocused();
    await expect(option(page, /New conversation/)).toContainText('Ctrl');
    expect(await violations(page)).toEqual([]);
    await page.keyboard.type('boa');
    await expect(option(page, 'Boat')).toHaveAttribute('aria-selected', 'true');
    await expect(page.getByRole('option')).toHaveCount(1);
    await page.keyboard.press('Enter');
    await expect(page.getByRole('heading', { level: 1, name: 'Boat' })).toBeVisible();
    await page.keyboard.press('ControlOrMeta+k');
    await page.keyboard.type('pace-20-400');
    await expect(page.getByRole('option')).toHaveCount(1);
    await page.keyboard.press('Enter');
    await expect(page.getByRole('button', { name: /^Model: pace-20-400/ })).toBeVisible();
    await page.keyboard.press('ControlOrMeta+k');
    await expect(palette(page)).toBeFocused();
    await page.keyboard.type('sidebar');
    await expect(option(page, /sidebar/)).toHaveAttribute('aria-selected', 'true');
    await page.keyboard.press('Enter');
    await expect(list(page)).toHaveCount(0);
    await page.keyboard.press('ControlOrMeta+k');
    await expect(palette(page)).toBeFocused();
    await page.keyboard.type('invites');
    await expect(option(page, 'Invites')).toHaveAttribute('aria-selected', 'true');
    await page.keyboard.press('Enter');
    await expect(page).toHaveURL(/#\/admin\/invites$/);
    await page.keyboard.press('ControlOrMeta+k');
    await page.keyboard.type('nothing of the kind');
    await expect(page.getByText('Nothing fits.')).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(palette(page)).toHaveCount(0);
    expect(faults).toEqual([]);
  });

  test('the list of keys names each, and closes by one', async ({ page, omniai }) => {
    await makeOwner(page, omniai);
    await page.keyboard.press('ControlOrMeta+/');
    const keys = page.getByRole('dialog', { name: 'Keys' });
    await expect(keys.getByRole('term')).toHaveCount(18);
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await expect(keys).toHaveCount(0);
    await expect(composer(page)).toBeFocused();
  });

  test('begin, hide, write and stop', async ({ page, omniai }) => {
    await withConversations(page, omniai, ['Boat']);
    await link(page, 'Boat').click();
    await page.keyboard.press('ControlOrMeta+Shift+S');
    await expect(list(page)).toHaveCount(0);
    await page.reload();
    await expect(page.getByRole('button', { name: 'Open the sidebar' })).toBeVisible();
    await page.keyboard.press('ControlOrMeta+Shift+S');
    await expect(link(page, 'Boat')).toBeVisible();
    await page.keyboard.press('ControlOrMeta+Shift+O');
    await expect(page).toHaveURL(/#\/$/);
    await link(page, 'Boat').focus();
    await page.keyboard.press('Shift+Escape');
    await expect(composer(page)).toBeFocused();
    await chooseModel(page, 'pace-20-100');
    await ask(page, 'Count.');
    await expect(page.getByRole('article', { name: 'Answer' })).toContainText('tok5');
    await page.keyboard.press('Escape');
    await expect(page.getByRole('article', { name: 'Answer' })).toContainText('Stopped. The text so far is kept.');
  });

  test('copy, change the version and go from question to question', async ({ page, omniai, context }) => {
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await makeOwner(page, omniai);
    const answers = page.getByRole('article', { name: 'Answer' });
    for (const [place, question] of ['First?', 'Second?'].entries()) {
      await ask(page, question);
      await expect(answers.nth(place)).toContainText('That is all.');
      await expect(page.getByRole('button', { name: 'Send' })).toBeVisible();
    }
    const copied = (): Promise<string> => page.evaluate(() => navigator.clipboard.readText());
    await page.keyboard.press('ControlOrMeta+Shift+C');
    await expect.poll(copied).toContain('That is all.');
    const whole = await copied();
    await page.keyboard.press('ControlOrMeta+Shift+;');
    await expect.poll(copied).not.toBe(whole);
    expect(whole).toContain(await copied());
    await page.keyboard.press('Alt+ArrowUp');
    const questions = page.getByRole('article', { name: 'Your question' });
    await expect(questions.first()).toBeFocused();
    await page.keyboard.press('Alt+ArrowDown');
    await expect(questions.last()).toBeFocused();
    await answers.last().hover();
    await answers.last().getByRole('button', { name: 'Answer again' }).click();
    const versions = page.getByRole('group', { name: 'Versions' });
    await expect(versions).toContainText('2/2');
    await expect(page.getByRole('button', { name: 'Send' })).toBeVisible();
    await page.keyboard.press('Alt+ArrowLeft');
    await expect(versions).toContainText('1/2');
    await page.keyboard.press('Alt+ArrowRight');
    await expect(versions).toContainText('2/2');
  });

  test('leave an input method and what is typed alone', async ({ page, omniai }) => {
    await makeOwner(page, omniai);
    await composer(page).fill('Some words');
    await composer(page).dispatchEvent('keydown', { key: 'k', code: 'KeyK', ctrlKey: true, isComposing: true });
    await page.keyboard.press('k');
    await page.keyboard.press('/');
    await page.keyboard.press('Delete');
    await page.keyboard.press('F2');
    await expect(composer(page)).toHaveValue('Some wordsk/');
    await expect(palette(page)).toHaveCount(0);
    await expect(page.getByRole('dialog')).toHaveCount(0);
  });
});
