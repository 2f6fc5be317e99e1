// Lines that are cut, pages that are reloaded and tabs that sleep in the middle of answers: what is shown is what is stored.
import { expect, type Page } from '@playwright/test';

import { CuttingLine } from './cutting-line';
import { ask, BOOTSTRAP_TOKEN, chooseModel, PASSWORD, test, type Installation } from './installation';
import { signInAs, storedAnswer } from './people';

const MODEL = 'pace-20-100';
const WHOLE = Array.from({ length: 100 }, (_, place) => `tok${place}`).join(' ');
const CUTS = 50;
const RELOADS = 20;

/** Numbers between 0 and 1 that are the same in every run (Park and Miller's generator). */
function chance(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

async function makeOwnerAt(page: Page, address: string): Promise<void> {
  await page.goto(`${address}/#/setup?token=${BOOTSTRAP_TOKEN}`);
  await page.getByLabel('User name').fill('owner');
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.keyboard.press('Enter');
  await page.getByRole('textbox', { name: 'Your question' }).waitFor();
}

const answers = (page: Page) => page.getByRole('article', { name: 'Answer' });
const stop = (page: Page) => page.getByRole('button', { name: 'Stop' });

/** Until the newest answer has ended as it should, and the page shows what is stored. */
async function seeWhole(page: Page, omniai: Installation, count: number): Promise<void> {
  await expect(answers(page)).toHaveCount(count);
  await expect(answers(page).last().locator('.md').first()).toHaveText(WHOLE, { timeout: 20_000 });
  await expect(stop(page)).toHaveCount(0);
  const stored = await storedAnswer(omniai, await signInAs(omniai, 'owner'), page.url());
  expect({ ...stored, content: stored.content.trim() }).toMatchObject({ content: WHOLE, state: 'complete' });
  await expect(page.getByRole('article', { name: 'Your question' })).toHaveCount(count);
}

/** Asks until so many things have been done to running answers, each at a random moment. */
async function disturb(page: Page, omniai: Installation, times: number, seed: number, act: () => Promise<void>): Promise<void> {
  const random = chance(seed);
  let done = 0;
  for (let asked = 1; done < times; asked += 1) {
    await ask(page, `Count, number ${asked}.`);
    await expect(answers(page)).toHaveCount(asked);
    await expect(answers(page).last()).toContainText('tok0', { timeout: 15_000 });
    while (done < times) {
      await page.waitForTimeout(20 + random() * 400);
      if ((await stop(page).count()) === 0) break;
      await act();
      done += 1;
    }
    await seeWhole(page, omniai, asked);
  }
}

test('fifty cuts in the middle of answers lose and double nothing', async ({ page, omniai }) => {
  test.setTimeout(180_000);
  const line = await CuttingLine.to(omniai.url);
  await makeOwnerAt(page, line.url);
  await chooseModel(page, MODEL);
  await disturb(page, omniai, CUTS, 7, () => Promise.resolve(line.cut()));
  line.close();
});

test('twenty reloads in the middle of answers lose and double nothing', async ({ page, omniai }) => {
  test.setTimeout(180_000);
  await makeOwnerAt(page, omniai.url);
  await chooseModel(page, MODEL);
  await disturb(page, omniai, RELOADS, 11, async () => {
    await page.reload();
    await answers(page).last().waitFor();
  });
});

test('a tab that slept through an answer shows it whole', async ({ page, omniai }) => {
  const line = await CuttingLine.to(omniai.url);
  await makeOwnerAt(page, line.url);
  await chooseModel(page, MODEL);
  await ask(page, 'Count.');
  await expect(answers(page)).toContainText('tok5');
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Page.setWebLifecycleState', { state: 'frozen' });
  // As a phone's system does with the lines of what sleeps.
  line.cut();
  await new Promise((resolve) => setTimeout(resolve, 4_000));
  await devtools.send('Page.setWebLifecycleState', { state: 'active' });
  await seeWhole(page, omniai, 1);
  line.close();
});
