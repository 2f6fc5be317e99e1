// What a visit costs on the line: scripts and styles in gzip, as GitHub Pages sends them, and requests until one can act.
import { gzipSync } from 'node:zlib';

import { expect, type Page } from '@playwright/test';

import { makeOwner, PASSWORD, test } from './installation';

/** kB of 1,000 bytes. */
const SIGN_IN = 100;
const CHAT = 200;
const REQUESTS = 12;

type Visit = { requests: string[]; code: Set<string> };

function watched(page: Page): Visit {
  const visit: Visit = { requests: [], code: new Set() };
  page.on('request', (request) => {
    visit.requests.push(request.url());
    if (/\.(js|css)$/.test(request.url())) visit.code.add(request.url());
  });
  return visit;
}

async function kilobytes(urls: Iterable<string>): Promise<number> {
  const sizes = [...urls].map(async (url) => gzipSync(await (await fetch(url)).arrayBuffer(), { level: 9 }).length);
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0) / 1000;
}

test('the doors and the chat stay within their weights', async ({ page, omniai, browser }) => {
  await makeOwner(page, omniai);
  const guest = await (await browser.newContext()).newPage();
  const visit = watched(guest);
  await guest.goto(omniai.url);
  await expect(guest.getByLabel('User name')).toBeVisible();
  const before = visit.requests.length;
  await guest.waitForLoadState('networkidle');
  const signIn = await kilobytes(visit.code);

  await guest.getByLabel('User name').fill('owner');
  await guest.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await guest.keyboard.press('Enter');
  await expect(guest.getByRole('textbox', { name: 'Your question' })).toBeVisible();
  await guest.waitForLoadState('networkidle');
  const chat = await kilobytes(visit.code);

  test.info().annotations.push({ type: 'weight', description: `sign-in ${signIn} kB, chat ${chat} kB, ${before} requests` });
  expect(signIn).toBeLessThanOrEqual(SIGN_IN);
  expect(chat).toBeLessThanOrEqual(CHAT);
  expect(before, visit.requests.slice(0, before).join('\n')).toBeLessThanOrEqual(REQUESTS);
});
