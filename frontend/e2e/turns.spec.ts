// Turns that do not go straight: in a queue, stopped and continued, to another model, under a title of the model's.
import { expect, type Locator, type Page } from '@playwright/test';

import { violations } from './axe';
import { ask, chooseModel, makeOwner, test, type Installation } from './installation';
import { beginAs, join, signInAs, storedAnswer, type Begun } from './people';

// Several people sign in, and wait for one another.
test.describe.configure({ timeout: 60_000 });

const SLOW_MODEL = 'pace-20-100';
const ENDLESS_MODEL = 'pace-20-1000';
const SEAT = 'Waiting for a seat at the model.';

const answerOf = (page: Page): Locator => page.getByRole('article', { name: 'Answer' }).last();
const stop = (page: Page): Promise<void> => page.getByRole('button', { name: 'Stop' }).click();
const goOn = (page: Page): Locator => page.getByRole('button', { name: 'Continue' });

/** Each of them asks for an answer that does not end by itself; the first one answers, the others wait in their order. */
async function queueUp(omniai: Installation, names: readonly string[]): Promise<Begun[]> {
  const begun: Begun[] = [];
  for (const token of await join(omniai, names)) begun.push(await beginAs(omniai, token, { model: ENDLESS_MODEL }));
  return begun;
}

async function stopInTheMiddle(page: Page): Promise<void> {
  await chooseModel(page, SLOW_MODEL);
  await ask(page, 'Count.');
  await expect(answerOf(page)).toContainText('tok5');
  await stop(page);
  await expect(answerOf(page)).toContainText('Stopped. The text so far is kept.');
}

/** Remembers every length that the answer's text had on the page. */
async function watchText(page: Page): Promise<() => Promise<number[]>> {
  await answerOf(page)
    .locator('.md')
    .evaluate((text) => {
      const lengths = [text.textContent.length];
      Object.assign(window, { lengths });
      const article = text.closest('article');
      const note = () => lengths.push(article?.querySelector('.md')?.textContent.length ?? 0);
      if (article) new MutationObserver(note).observe(article, { childList: true, characterData: true, subtree: true });
    });
  return () => page.evaluate(() => (window as unknown as { lengths: number[] }).lengths);
}

const words = (text: string): string => text.trim().split(/\s+/).join(' ');

test.describe('with one seat', () => {
  test.use({ settings: { OMNIAI_PROVIDER_SEATS: 'lmstudio=1' } });

  test('one who waits sees their place come nearer, and gets the answer', async ({ page, omniai, faults }) => {
    await makeOwner(page, omniai);
    const [first, second, third] = await queueUp(omniai, ['maria', 'ben', 'ann']);
    await ask(page, 'And mine?');
    await expect(answerOf(page)).toContainText(`${SEAT} 2 answers go first, about 30 seconds.`);
    await expect(page.getByRole('status').filter({ hasText: SEAT })).toHaveText(`${SEAT} 2 answers go first.`);
    await first?.stop();
    await expect(answerOf(page)).toContainText(`${SEAT} 1 answer goes first, about`);
    await second?.stop();
    await expect(answerOf(page)).toContainText(`${SEAT} You are next, about`);
    await third?.stop();
    await expect(answerOf(page)).toContainText('That is all.');
    await expect(page.getByText(SEAT)).toHaveCount(0);
    expect(faults).toEqual([]);
  });

  test('a reload while waiting shows the place again', async ({ page, omniai }) => {
    await makeOwner(page, omniai);
    const [answering] = await queueUp(omniai, ['maria']);
    await ask(page, 'And mine?');
    await expect(answerOf(page)).toContainText(`${SEAT} You are next, about`);
    await page.reload();
    await expect(answerOf(page)).toContainText(`${SEAT} You are next, about`);
    await expect(page.getByRole('button', { name: 'Stop' })).toBeVisible();
    await answering?.stop();
    await expect(answerOf(page)).toContainText('You asked: And mine?');
    await expect(answerOf(page)).toContainText('That is all.');
  });

  test('Stop leaves the queue, and the same answer can be waited for again', async ({ page, omniai }) => {
    await makeOwner(page, omniai);
    const [answering] = await queueUp(omniai, ['maria']);
    await ask(page, 'And mine?');
    await expect(answerOf(page)).toContainText('You are next');
    await stop(page);
    await expect(answerOf(page)).toContainText('Stopped before the first word.');
    await expect(page.getByText(SEAT)).toHaveCount(0);
    await goOn(page).click();
    await expect(answerOf(page)).toContainText('You are next');
    await answering?.stop();
    await expect(answerOf(page)).toContainText('That is all.');
    await expect(page.getByRole('group', { name: 'Versions' })).toHaveCount(0);
  });

  for (const colorScheme of ['light', 'dark'] as const) {
    test(`axe finds no flaw in waiting, stopped and continued, ${colorScheme}`, async ({ page, omniai }) => {
      await page.emulateMedia({ colorScheme });
      await makeOwner(page, omniai);
      await stopInTheMiddle(page);
      await expect(goOn(page)).toBeVisible();
      expect(await violations(page)).toEqual([]);
      await queueUp(omniai, ['maria']);
      await goOn(page).click();
      await expect(answerOf(page)).toContainText('You are next');
      await expect(answerOf(page)).toContainText('tok5');
      expect(await violations(page)).toEqual([]);
    });
  }
});

test('a stopped answer goes on in its place, and is what is stored', async ({ page, omniai, faults }) => {
  await makeOwner(page, omniai);
  await stopInTheMiddle(page);
  const token = await signInAs(omniai, 'owner');
  const before = await storedAnswer(omniai, token, page.url());
  const lengths = await watchText(page);
  await goOn(page).click();
  await expect(answerOf(page)).toContainText('tok99', { timeout: 15_000 });
  await expect(page.getByRole('button', { name: 'Send' })).toBeVisible();
  const after = await storedAnswer(omniai, token, page.url());
  expect(after.state).toBe('complete');
  expect(words(after.content)).toBe(
    `${words(before.content)} ${words(Array.from({ length: 100 }, (_, place) => `tok${place}`).join(' '))}`,
  );
  expect(words(await answerOf(page).locator('.md').innerText())).toBe(words(after.content));
  const seen = await lengths();
  expect(seen.length).toBeGreaterThan(10);
  expect(seen).toEqual(seen.toSorted((one, other) => one - other));
  await expect(goOn(page)).toHaveCount(0);
  await page.reload();
  expect(words(await answerOf(page).locator('.md').innerText())).toBe(words(after.content));
  expect(faults).toEqual([]);
});

test('a reload while an answer goes on doubles nothing', async ({ page, omniai }) => {
  await makeOwner(page, omniai);
  await stopInTheMiddle(page);
  await goOn(page).click();
  await expect(answerOf(page)).toContainText('tok20');
  await page.reload();
  await expect(answerOf(page)).toContainText('tok99', { timeout: 15_000 });
  await expect(page.getByRole('button', { name: 'Send' })).toBeVisible();
  const stored = await storedAnswer(omniai, await signInAs(omniai, 'owner'), page.url());
  expect(words(await answerOf(page).locator('.md').innerText())).toBe(words(stored.content));
});

test('an answer that a crash interrupted goes on', async ({ page, omniai }) => {
  // The server starts twice.
  test.slow();
  await makeOwner(page, omniai);
  await chooseModel(page, SLOW_MODEL);
  await ask(page, 'Count.');
  await expect(answerOf(page)).toContainText('tok50');
  await omniai.killServer();
  await omniai.startServer();
  await page.reload();
  await expect(answerOf(page)).toContainText('interrupted');
  await goOn(page).click();
  await expect(answerOf(page)).toContainText('tok99', { timeout: 15_000 });
});

test('what something follows cannot go on, and the page says so', async ({ page, omniai }) => {
  await makeOwner(page, omniai);
  await stopInTheMiddle(page);
  const elsewhere = await signInAs(omniai, 'owner');
  const conversation = page.url().split('/c/')[1] ?? '';
  await beginAs(omniai, elsewhere, { model: 'tiny-chat-1b', conversation_id: conversation });
  await goOn(page).click();
  await expect(page.getByText('Something was said after this answer')).toBeVisible();
  await expect(page.getByText('The answer stands as it was. Ask for more in a new question.')).toBeVisible();
  await expect(page.getByRole('article', { name: 'Answer' }).first()).toContainText('tok5');
  await expect(answerOf(page)).toContainText('That is all.');
  await expect(goOn(page)).toHaveCount(0);
});

test('a long question gets its title from the model without a reload', async ({ page, omniai, faults }) => {
  await makeOwner(page, omniai);
  await ask(page, 'What would be a good name for a small wooden boat that is to sail on a lake in the north of Finland?');
  await expect(answerOf(page)).toContainText('That is all.');
  await expect(page.getByRole('navigation').getByText('A name from the model')).toBeVisible({ timeout: 15_000 });
  await expect(page).toHaveTitle(/^A name from the model/);
  expect(faults).toEqual([]);
});

test.describe('with a model that does not answer', () => {
  test.use({ settings: { OMNIAI_DEFAULT_PROVIDER: 'lmstudio', OMNIAI_DEFAULT_MODEL: 'fault-500', OMNIAI_MODEL_PRIORITY: 'tiny-chat-1b' } });

  for (const colorScheme of ['light', 'dark'] as const) {
    test(`the page says which one answers in its place, ${colorScheme}`, async ({ page, omniai }) => {
      await page.emulateMedia({ colorScheme });
      await makeOwner(page, omniai);
      await ask(page, 'Who answers?');
      await expect(answerOf(page)).toContainText('That is all.');
      await expect(answerOf(page)).toContainText('fault-500 was not available: it could not answer. tiny-chat-1b answered.');
      expect(await violations(page)).toEqual([]);
    });
  }
});
