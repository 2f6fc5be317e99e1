// What a sign in the box offers: prompts of one's own, with places to fill in, and models. By keyboard alone.
import { expect, type Locator, type Page } from '@playwright/test';

import { violations } from './axe';
import { ask, makeOwner, test } from './installation';

const section = (page: Page): Locator => page.getByRole('region', { name: 'Prompts' });
const box = (page: Page): Locator => page.getByRole('textbox', { name: 'Your question' });
const offers = (page: Page): Locator => page.getByRole('listbox', { name: 'Offers' });

async function write(page: Page, name: string, text: string): Promise<void> {
  await section(page).getByRole('button', { name: 'Write a prompt' }).press('Enter');
  await page.keyboard.type(name);
  await page.keyboard.press('Tab');
  await page.keyboard.type(text);
  await section(page).getByRole('button', { name: 'Save' }).press('Enter');
  await expect(section(page).getByRole('listitem').filter({ hasText: name })).toBeVisible();
}

test('a prompt is written, found by a stroke, filled in and asked', async ({ page, omniai, faults }) => {
  await makeOwner(page, omniai);
  await page.keyboard.type('/');
  await expect(offers(page).getByRole('option')).toHaveText(['Prompts of your ownIn the settings', 'New conversation']);
  await page.keyboard.press('Enter');
  await expect(section(page)).toContainText('There are no prompts yet.');
  await write(page, 'Thank-you note', 'Write a short thank-you note.');
  await write(page, 'Recipe', 'A recipe for {{dish}}, for {{how many}} people. No nuts in the {{dish}}.');
  expect(await violations(page)).toEqual([]);
  await section(page).getByRole('button', { name: 'Write a prompt' }).click();
  await page.keyboard.type('recipe');
  await section(page).getByRole('button', { name: 'Save' }).click();
  await expect(section(page)).toContainText('Another prompt has this name.');
  await expect(section(page)).toContainText('Write what is to be asked.');

  await page.goto(`${omniai.url}/#/`);
  await expect(box(page)).toHaveValue('');
  await box(page).focus();
  await page.keyboard.type('/');
  await expect(offers(page).getByRole('option')).toHaveCount(4);
  await page.keyboard.press('ArrowDown');
  await expect(offers(page).getByRole('option', { selected: true })).toContainText('Recipe');
  expect(await violations(page)).toEqual([]);
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Recipe' });
  await expect(dialog.getByLabel('dish')).toBeFocused();
  await page.keyboard.type('lentil soup');
  await page.keyboard.press('Tab');
  await page.keyboard.type('3');
  expect(await violations(page)).toEqual([]);
  await page.keyboard.press('Enter');
  await expect(box(page)).toBeFocused();
  await expect(box(page)).toHaveValue('A recipe for lentil soup, for 3 people. No nuts in the lentil soup.');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('article', { name: 'Answer' })).toContainText('That is all.');
  expect(JSON.stringify((await omniai.questions())[0])).toContain('No nuts in the lentil soup.');
  expect(faults).toEqual([]);
});

test('Esc leaves what was typed, a click takes an offer, and an at chooses the model', async ({ page, omniai }) => {
  await makeOwner(page, omniai);
  await page.keyboard.type('/nothing of that name');
  await expect(offers(page)).toBeHidden();
  await box(page).fill('/new');
  await expect(offers(page).getByRole('option')).toHaveText(['New conversation']);
  await page.keyboard.press('Escape');
  await expect(offers(page)).toBeHidden();
  await expect(box(page)).toHaveValue('/new');
  await box(page).fill('');
  await page.keyboard.type('Count @pace 5');
  await expect(offers(page)).toBeHidden();
  await box(page).fill('');
  await page.keyboard.type('Count @pace-5');
  await offers(page).getByRole('option', { name: 'pace-5-60' }).click();
  await expect(box(page)).toHaveValue('Count ');
  await expect(box(page)).toBeFocused();
  await expect(page.getByRole('button', { name: /^Model: pace-5-60/ })).toBeVisible();
  await ask(page, 'Count.');
  await expect(page.getByRole('article', { name: 'Answer' })).toContainText('tok59');
});

test('a long paste is a tile that goes with the question, stays over a reload, and can be text again', async ({ page, omniai }) => {
  await makeOwner(page, omniai);
  const long = Array.from({ length: 60 }, (_, place) => `line ${place}`).join('\n');
  const paste = (text: string): Promise<void> =>
    box(page).evaluate((element, given) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData('text/plain', given);
      element.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
    }, text);
  const tiles = page.getByRole('list', { name: 'Pasted texts' });
  await box(page).fill('What is the last line?');
  await paste(long);
  await paste(`${long}!`);
  await expect(tiles.getByRole('listitem')).toHaveCount(2);
  await expect(box(page)).toHaveValue('What is the last line?');
  expect(await violations(page)).toEqual([]);
  await page.reload();
  await expect(tiles.getByRole('listitem')).toHaveCount(2);
  await tiles
    .getByRole('button', { name: /^Leave out/ })
    .last()
    .click();
  await tiles.getByRole('button', { name: /^Into the box/ }).click();
  await expect(tiles).toBeHidden();
  await expect(box(page)).toHaveValue(`What is the last line?\n\n${long}`);
  await box(page).fill('And now?');
  await paste(long);
  await page.getByRole('button', { name: 'Send' }).click();
  await expect(page.getByRole('article', { name: 'Answer' })).toContainText('That is all.');
  await expect(tiles).toBeHidden();
  await expect(page.locator('.question-text')).toHaveText(`And now?\n\n${long}`, { useInnerText: true });
});
