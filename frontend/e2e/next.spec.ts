// Questions that wait: behind the answer that is being written, and until OmniAI at home is back.
import { once } from 'node:events';

import { expect, type Locator, type Page } from '@playwright/test';

import { violations } from './axe';
import { ask, chooseModel, makeOwner, test, type Installation } from './installation';
import { signInAs, storedTexts } from './people';

const SHORT_MODEL = 'pace-20-10';
const SLOW_MODEL = 'pace-20-400';

const line = (page: Page): Locator => page.getByRole('region', { name: 'Questions that wait' });
const questions = (page: Page): Locator => page.locator('.question-text');
const box = (page: Page): Locator => page.getByRole('textbox', { name: 'Your question' });
const answers = (page: Page): Locator => page.getByRole('article', { name: 'Answer' });

async function storedQuestions(omniai: Installation, page: Page): Promise<string[]> {
  const texts = await storedTexts(omniai, await signInAs(omniai, 'owner'), page.url());
  return texts.filter(({ role }) => role === 'user').map(({ content }) => content);
}

test('questions asked meanwhile are asked in their order, over a reload as well', async ({ page, omniai, faults }) => {
  await makeOwner(page, omniai);
  await chooseModel(page, SLOW_MODEL);
  await ask(page, 'First?');
  await expect(answers(page)).toContainText('tok5');
  await chooseModel(page, SHORT_MODEL);
  await ask(page, 'Second?');
  await box(page).fill('Third?');
  await page.getByRole('button', { name: 'Ask next' }).click();
  await expect(line(page)).toContainText('Asked when the answer is written.');
  await expect(line(page).getByRole('listitem')).toHaveText(['Second?', 'Third?']);
  expect(await violations(page)).toEqual([]);
  await page.reload();
  await expect(line(page).getByRole('listitem')).toHaveText(['Second?', 'Third?']);
  await expect(questions(page)).toHaveText(['First?', 'Second?', 'Third?'], { timeout: 20_000 });
  await expect(line(page)).toBeHidden();
  await expect(answers(page)).toHaveCount(3);
  await expect(answers(page).first()).toContainText('tok399');
  await expect(answers(page).last()).toContainText('tok9');
  expect(await storedQuestions(omniai, page)).toEqual(['First?', 'Second?', 'Third?']);
  expect(faults).toEqual([]);
});

test('behind a stopped answer they wait for a word, and can be changed or dropped', async ({ page, omniai }) => {
  await makeOwner(page, omniai);
  await chooseModel(page, SLOW_MODEL);
  await ask(page, 'First?');
  await expect(answers(page)).toContainText('tok5');
  for (const question of ['One?', 'Two?', 'Three?']) await ask(page, question);
  await page.getByRole('button', { name: 'Stop' }).click();
  await expect(line(page)).toContainText('Not asked yet.');
  await line(page).getByRole('button', { name: 'Do not ask: Two?' }).click();
  await line(page).getByRole('button', { name: 'Back into the box: Three?' }).click();
  await expect(box(page)).toHaveValue('Three?');
  await expect(line(page).getByRole('listitem')).toHaveText(['One?']);
  await chooseModel(page, SHORT_MODEL);
  await line(page).getByRole('button', { name: 'Ask now: One?' }).click();
  await expect(answers(page).last()).toContainText('tok9');
  expect(await storedQuestions(omniai, page)).toEqual(['First?', 'One?']);
  await expect(box(page)).toHaveValue('Three?');
});

test('a question asked while OmniAI is away is asked once when it is back', async ({ page, omniai }) => {
  await makeOwner(page, omniai);
  await ask(page, 'First?');
  await expect(answers(page)).toContainText('That is all.');
  await omniai.killServer();
  await ask(page, 'Are you there?');
  await expect(line(page)).toContainText('Asked when OmniAI is back.');
  await ask(page, 'And now?');
  await expect(line(page).getByRole('listitem')).toHaveText(['Are you there?', 'And now?']);
  await omniai.startServer();
  await expect(questions(page)).toHaveText(['First?', 'Are you there?', 'And now?'], { timeout: 20_000 });
  await expect(line(page)).toBeHidden({ timeout: 15_000 });
  await expect(answers(page).last()).toContainText('That is all.');
  expect(await storedQuestions(omniai, page)).toEqual(['First?', 'Are you there?', 'And now?']);
});

test('a question that arrived though its answer was lost on the way is not asked twice', async ({ page, omniai }) => {
  await makeOwner(page, omniai);
  let lost = 0;
  await page.route('**/chat/stream', async (route) => {
    lost += 1;
    if (lost > 2) return route.continue();
    await route.fetch();
    return route.abort();
  });
  await ask(page, 'Only once?');
  await expect(answers(page)).toContainText('That is all.');
  await expect(questions(page)).toHaveText(['Only once?']);
  await expect(line(page)).toBeHidden();
  expect(lost).toBe(3);
  expect(await storedQuestions(omniai, page)).toEqual(['Only once?']);
  expect(await omniai.questions()).toHaveLength(1);
});

test('what was stopped before there was word of it is not asked again by itself, and once when it is told to', async ({ page, omniai }) => {
  await makeOwner(page, omniai);
  let sent = 0;
  const lost = new AbortController();
  await page.route('**/chat/stream', async (route) => {
    sent += 1;
    if (sent > 1) return route.continue();
    await route.fetch();
    if (!lost.signal.aborted) await once(lost.signal, 'abort');
    return route.abort();
  });
  await ask(page, 'Only when I say so?');
  await page.getByRole('button', { name: 'Stop' }).click();
  lost.abort();
  await expect(line(page)).toContainText('There was no word whether this was asked.');
  // Longer than it would wait of its own accord.
  await page.waitForTimeout(2500);
  expect(sent).toBe(1);
  await line(page).getByRole('button', { name: 'Ask now: Only when I say so?' }).click();
  await expect(answers(page)).toContainText('That is all.');
  expect(await storedQuestions(omniai, page)).toEqual(['Only when I say so?']);
  expect(await omniai.questions()).toHaveLength(1);
});

test.describe('with one message a day', () => {
  test.use({ settings: { OMNIAI_QUOTA_MESSAGES_PER_DAY: '1' } });

  test('behind a question that is refused the others wait, over a reload as well', async ({ page, omniai }) => {
    await makeOwner(page, omniai);
    await ask(page, 'First?');
    await expect(answers(page)).toContainText('That is all.');
    await omniai.killServer();
    await ask(page, 'Second?');
    await ask(page, 'Third?');
    await expect(line(page).getByRole('listitem')).toHaveText(['Second?', 'Third?']);
    await omniai.startServer();
    await expect(page.getByText('Your question waits above the box.')).toBeVisible({ timeout: 30_000 });
    await expect(line(page)).toContainText('There was no word whether this was asked.');
    await page.reload();
    await expect(line(page).getByRole('listitem')).toHaveText(['Second?', 'Third?']);
    await line(page).getByRole('button', { name: 'Do not ask: Second?' }).click();
    await expect(line(page)).toContainText('Not asked yet.');
    await page.waitForTimeout(1000);
    await expect(line(page).getByRole('listitem')).toHaveText(['Third?']);
    expect(await storedQuestions(omniai, page)).toEqual(['First?']);
  });
});

test('they go on in their conversation when one comes back to it', async ({ page, omniai }) => {
  await makeOwner(page, omniai);
  await ask(page, 'First?');
  await expect(answers(page)).toContainText('That is all.');
  await chooseModel(page, SLOW_MODEL);
  await ask(page, 'Second?');
  await expect(answers(page).last()).toContainText('tok5');
  await ask(page, 'Third?');
  await page.getByRole('link', { name: 'New conversation' }).click();
  await expect(box(page)).toHaveValue('');
  await expect(line(page)).toBeHidden();
  await page.getByRole('link', { name: 'First?' }).click();
  await expect(line(page)).toContainText('Asked when the answer is written.');
  await expect(questions(page)).toHaveText(['First?', 'Second?', 'Third?'], { timeout: 20_000 });
  expect(await storedQuestions(omniai, page)).toEqual(['First?', 'Second?', 'Third?']);
});

test('the same words asked again while OmniAI is away are another question', async ({ page, omniai }) => {
  await makeOwner(page, omniai);
  await ask(page, 'Go on');
  await expect(answers(page)).toContainText('That is all.');
  await omniai.killServer();
  await ask(page, 'Go on');
  await expect(line(page).getByRole('listitem')).toHaveText(['Go on']);
  await omniai.startServer();
  await expect(questions(page)).toHaveText(['Go on', 'Go on'], { timeout: 20_000 });
  await expect(line(page)).toBeHidden();
  await expect(answers(page).last()).toContainText('That is all.');
  expect(await storedQuestions(omniai, page)).toEqual(['Go on', 'Go on']);
});

test('a question that arrived before a reload is not listed as one that waits', async ({ page, omniai }) => {
  await makeOwner(page, omniai);
  await ask(page, 'First?');
  await expect(answers(page)).toContainText('That is all.');
  let arrived = false;
  await page.route('**/chat/stream', async (route) => {
    await route.fetch();
    arrived = true;
  });
  await ask(page, 'Second?');
  await expect.poll(() => arrived).toBe(true);
  await page.unrouteAll({ behavior: 'ignoreErrors' });
  await page.reload();
  await expect(questions(page)).toHaveText(['First?', 'Second?']);
  await expect(answers(page).last()).toContainText('That is all.');
  await expect(line(page)).toBeHidden();
  expect(await storedQuestions(omniai, page)).toEqual(['First?', 'Second?']);
});
