// What can be done with an answer as it is read.
import { expect, type Locator, type Page } from '@playwright/test';

import { violations } from './axe';
import { ask, makeOwner, test } from './installation';

const answerOf = (page: Page): Locator => page.getByRole('article', { name: 'Answer' }).last();

/** The double says the question again, and then a little more. */
async function answered(page: Page, markdown: string): Promise<Locator> {
  const before = await page.getByRole('article', { name: 'Answer' }).count();
  await ask(page, markdown);
  await expect(page.getByRole('article', { name: 'Answer' })).toHaveCount(before + 1);
  await expect(answerOf(page)).toContainText('That is all.');
  await expect(page.getByRole('button', { name: 'Stop' })).toBeHidden();
  return answerOf(page);
}

test.describe('a link', () => {
  test('shows its whole address, however it is pressed, and opens when it is told to', async ({ page, context, omniai }) => {
    await makeOwner(page, omniai);
    const elsewhere = omniai.url.replace('127.0.0.1', 'localhost');
    const address = `${elsewhere}/health?q=${'long-'.repeat(40)}end`;
    const link = (await answered(page, `\n\n[the manual](${address}) stands here.`)).getByRole('link', { name: 'the manual' });
    const dialog = page.getByRole('dialog', { name: 'Open this link?' });
    const presses: [string, () => Promise<void>][] = [
      ['a click', () => link.click()],
      ['Ctrl and a click', () => link.click({ modifiers: ['Control'] })],
      ['the middle button', () => link.click({ button: 'middle' })],
      ['Enter', () => link.press('Enter')],
    ];
    for (const [name, press] of presses) {
      await test.step(name, async () => {
        await press();
        await expect(dialog).toContainText(address);
        await expect(dialog.locator('strong')).toHaveText(new URL(address).host);
        await expect(dialog).toContainText('In the answer it reads:the manual');
        await page.keyboard.press('Escape');
        await expect(dialog).toBeHidden();
        await expect(link).toBeFocused();
      });
    }
    expect(context.pages()).toHaveLength(1);

    await link.press('Enter');
    const opened = context.waitForEvent('page');
    await dialog.getByRole('link', { name: 'Open' }).press('Enter');
    const tab = await opened;
    await tab.waitForURL(address);
    expect(await tab.evaluate(() => window.opener === null && document.referrer === '')).toBe(true);
    await expect(dialog).toBeHidden();
  });

  test('says when its text looks like another address, and a host in both of its spellings', async ({ page, context, omniai, faults }) => {
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await makeOwner(page, omniai);
    const answer = await answered(
      page,
      '\n\n[https://bank.example/login](https://bank.example@xn--bnk-qla.example/login) and https://bänk.example/login',
    );
    const dialog = page.getByRole('dialog', { name: 'Open this link?' });
    await answer.getByRole('link').first().click();
    await expect(dialog.locator('strong')).toHaveText('xn--bnk-qla.example');
    await expect(dialog).toContainText('The answer shows what looks like another address:https://bank.example/login');
    expect(await violations(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Copy the address' }).press('Enter');
    await expect(dialog.getByRole('button', { name: 'Copied' })).toBeVisible();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('https://bank.example@xn--bnk-qla.example/login');
    await page.keyboard.press('Escape');
    await answer.getByRole('link').last().click();
    await expect(dialog).toContainText('https://xn--bnk-qla.example/login');
    await expect(dialog).toContainText('The host in its own letters:bänk.example');
    await expect(dialog).not.toContainText('looks like another');
    expect(faults).toEqual([]);
  });
});

test.describe('a question', () => {
  test('is put in other words by Up in the empty box, and the old one stays beside it', async ({ page, omniai, faults }) => {
    await makeOwner(page, omniai);
    const composer = page.getByRole('textbox', { name: 'Your question' });
    const editor = page.getByRole('textbox', { name: 'The question in other words' });
    await answered(page, 'What is a lamp?');
    await answered(page, 'And a candle?');
    await expect(page.getByRole('button', { name: 'Edit' })).toHaveCount(2);
    await composer.press('ArrowUp');
    await expect(editor).toBeFocused();
    await expect(editor).toHaveValue('And a candle?');
    await editor.press('Escape');
    await expect(editor).toBeHidden();
    await expect(page.getByRole('button', { name: 'Edit' }).last()).toBeFocused();

    await composer.press('ArrowUp');
    await editor.fill('And a torch?');
    await editor.press('Enter');
    await expect(answerOf(page)).toContainText('You asked: And a torch?');
    await expect(answerOf(page)).toContainText('That is all.');
    const questions = page.locator('.question-text');
    await expect(questions).toHaveText(['What is a lamp?', 'And a torch?']);
    await page.getByRole('button', { name: 'Earlier version' }).click();
    await expect(questions).toHaveText(['What is a lamp?', 'And a candle?']);
    await page.reload();
    await expect(questions).toHaveText(['What is a lamp?', 'And a candle?']);
    expect(faults).toEqual([]);
  });

  test('at the root branches too, and can be kept without another answer', async ({ page, omniai }) => {
    await makeOwner(page, omniai);
    await answered(page, 'What is a lamp?');
    await page.getByRole('button', { name: 'Edit' }).click();
    const editor = page.getByRole('textbox', { name: 'The question in other words' });
    await editor.fill('What is a lantern?');
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Save' }).click();
    await expect(page.locator('.question-text')).toHaveText('What is a lantern?');
    await expect(answerOf(page)).toContainText('You asked: What is a lamp?');
    await expect(page.getByRole('group', { name: 'Versions' })).toHaveCount(0);
    await page.getByRole('button', { name: 'Edit' }).click();
    await editor.fill('What is a torch?');
    await page.getByRole('button', { name: 'Send again' }).click();
    await expect(answerOf(page)).toContainText('You asked: What is a torch?');
    await expect(page.getByRole('group', { name: 'Versions' })).toContainText('2/2');
    await page.reload();
    await expect(page.locator('.question-text')).toHaveText('What is a torch?');
  });
});

async function open(page: Page, of: 'question' | 'answer', item: string): Promise<void> {
  await page.locator(`.${of}`).first().hover();
  await page.locator(`.${of}`).first().getByRole('button', { name: 'More' }).click();
  await page
    .getByRole('menuitem', { name: item })
    .or(page.getByRole('menuitemradio', { name: item }))
    .click();
}

test.describe('the menu of a message', () => {
  test('says why: who answered, what it took and how it ended', async ({ page, omniai, faults }) => {
    await makeOwner(page, omniai);
    await answered(page, 'What is a lamp?');
    for (const told of ['at once', 'after a reload']) {
      await test.step(told, async () => {
        await open(page, 'answer', 'Why this answer');
        const dialog = page.getByRole('dialog', { name: 'Why this answer' });
        await expect(dialog).toContainText('Modeltiny-chat-1b');
        await expect(dialog).toContainText('Model serverlmstudio');
        await expect(dialog).toContainText(/Read\d+ tokens/);
        await expect(dialog).toContainText(/Written\d+ tokens/);
        await expect(dialog).toContainText(/First word after\d+\.\d\ss/);
        await expect(dialog).toContainText(/Speed[\d.,]+ tokens a second/);
        await expect(dialog).toContainText('It was whole.');
        expect(await violations(page)).toEqual([]);
        await page.keyboard.press('Escape');
        await expect(dialog).toBeHidden();
        await expect(page.locator('.answer').getByRole('button', { name: 'More' })).toBeFocused();
      });
      await page.reload();
      await expect(answerOf(page)).toContainText('That is all.');
    }
    expect(faults).toEqual([]);
  });

  test('keeps what one thinks of an answer, and takes it back', async ({ page, omniai }) => {
    await makeOwner(page, omniai);
    await answered(page, 'What is a lamp?');
    const good = page.getByRole('menuitemradio', { name: 'Good answer' });
    const look = async (checked: boolean) => {
      await page.reload();
      await answerOf(page).getByRole('button', { name: 'More' }).click();
      await expect(good).toBeChecked({ checked });
    };
    const saved = () => page.waitForResponse((answer) => answer.request().method() === 'PATCH' && answer.ok());
    await Promise.all([saved(), open(page, 'answer', 'Good answer')]);
    await look(true);
    await Promise.all([saved(), good.click()]);
    await look(false);
  });

  test('asks on from an earlier answer, and deletes a question with what follows it', async ({ page, omniai, faults }) => {
    await makeOwner(page, omniai);
    await answered(page, 'What is a lamp?');
    await answered(page, 'And a candle?');
    const questions = page.locator('.question-text');
    await open(page, 'answer', 'Ask on from here');
    await expect(questions).toHaveText(['What is a lamp?']);
    await answered(page, 'And a torch?');
    await expect(page.getByRole('group', { name: 'Versions' })).toContainText('2/2');
    await page.getByRole('button', { name: 'Earlier version' }).click();
    await expect(questions).toHaveText(['What is a lamp?', 'And a candle?']);
    await open(page, 'question', 'Delete');
    await page.getByRole('button', { name: 'Keep it' }).click();
    await expect(questions).toHaveCount(2);
    await open(page, 'question', 'Delete');
    await page.getByRole('dialog', { name: 'Delete this question?' }).getByRole('button', { name: 'Delete' }).click();
    await expect(questions).toHaveCount(0);
    expect(faults).toEqual([]);
  });
});
