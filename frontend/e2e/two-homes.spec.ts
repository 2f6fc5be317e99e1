// The same build on a host of static files, with the backend on another site: the main job by tokens, and what can be set up wrongly.
import { expect } from '@playwright/test';

import { violations } from './axe';
import { ask, chooseModel, enterAsOwner, Installation, PASSWORD, test as base } from './installation';
import { bootstrap } from './people';
import { PagesHost } from './pages-host';

const SLOW_MODEL = 'pace-20-100';
const WHOLE = Array.from({ length: 100 }, (_, place) => `tok${place}`).join(' ');

const test = base.extend<{ host: PagesHost; away: Installation }>({
  // oxlint-disable-next-line no-empty-pattern -- Playwright reads the names of the fixtures from the pattern
  host: async ({}, use) => {
    const host = await PagesHost.open();
    await use(host);
    host.close();
  },
  away: async ({ host }, use) => {
    const installation = new Installation({ OMNIAI_CORS_ORIGINS: host.origin });
    await installation.up();
    await bootstrap(installation);
    host.config = JSON.stringify({ apiBaseUrl: installation.url });
    await use(installation);
    await installation.down();
  },
});

test('owner asks, reloads in the middle of an answer, and signs out, from another site by tokens', async ({ page, host, away, faults }) => {
  const asked: { path: string; bearer: boolean; cookie: boolean }[] = [];
  page.on('request', async (request) => {
    const { origin, pathname } = new URL(request.url());
    if (origin !== away.url || request.method() === 'OPTIONS') return;
    const headers = await request.allHeaders();
    asked.push({ path: pathname, bearer: 'authorization' in headers, cookie: 'cookie' in headers });
  });
  await page.goto(host.url);
  await enterAsOwner(page);
  await page.getByRole('textbox', { name: 'Your question' }).waitFor();
  expect(await violations(page)).toEqual([]);
  await chooseModel(page, SLOW_MODEL);
  await ask(page, 'Count.');
  const answer = page.getByRole('article', { name: 'Answer' });
  await expect(answer).toContainText('tok10');
  await expect(page).toHaveURL(new RegExp(`^${host.url}#/c/`));

  // Tokens live in memory: a reload asks for the password, and the answer goes on where it was.
  await page.reload();
  await enterAsOwner(page);
  await expect(answer.locator('.md').first()).toHaveText(WHOLE, { timeout: 15_000 });
  await expect(page.getByRole('article', { name: 'Your question' })).toHaveCount(1);

  const kept = await page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }) + document.cookie);
  expect(kept).not.toContain(PASSWORD);
  expect(kept).not.toMatch(/access_token|refresh_token/);
  const within = asked.filter(({ path }) => path.startsWith('/chat') || path.startsWith('/conversations'));
  expect(within.length).toBeGreaterThan(3);
  expect(within.every(({ bearer }) => bearer)).toBe(true);
  expect(asked.some(({ cookie }) => cookie)).toBe(false);

  await page.getByRole('button', { name: 'owner' }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await expect(page.getByLabel('User name')).toBeVisible();
  expect(faults).toEqual([]);
});

const WRONG: [string, string, string][] = [
  ['a page instead of the file', '<!doctype html><title>404</title>', 'runtime-config.json must be {"apiBaseUrl": "…"} and nothing else.'],
  ['a word too many', '{"apiBaseUrl": "", "theme": "dark"}', 'runtime-config.json must be {"apiBaseUrl": "…"} and nothing else.'],
  ['no address', '{"apiBaseUrl": "chat.example.org"}', 'apiBaseUrl must be empty or an address that begins with https://.'],
  ['a name and a password', '{"apiBaseUrl": "https://me:secret@example.org"}', 'apiBaseUrl must be an address alone'],
];

for (const [name, config, words] of WRONG) {
  test(`a config with ${name} is refused in plain words`, async ({ page, host }) => {
    host.config = config;
    await page.goto(host.url);
    await expect(page.getByRole('heading', { name: 'This page is not set up rightly' })).toBeVisible();
    await expect(page.getByText(words)).toBeVisible();
    expect(await violations(page)).toEqual([]);
  });
}

test('an address where something else answers is told as a problem of the tunnel, and mended by trying again', async ({
  page,
  host,
  away,
}) => {
  host.config = JSON.stringify({ apiBaseUrl: host.url });
  await page.goto(host.url);
  await expect(page.getByText('The tunnel may be closed.').or(page.getByText('may be closed')).first()).toBeVisible();
  host.config = JSON.stringify({ apiBaseUrl: away.url });
  await page.reload();
  await expect(page.getByLabel('User name')).toBeVisible();
});

test('a page from an origin that is not allowed reads nothing', async ({ page, host, away }) => {
  const stranger = await PagesHost.open();
  stranger.config = host.config;
  await page.goto(stranger.url);
  const read = await page.evaluate(
    async (url) =>
      fetch(`${url}/auth/config`).then(
        (answer) => answer.text(),
        () => 'nothing',
      ),
    away.url,
  );
  expect(read).toBe('nothing');
  await expect(page.getByLabel('User name')).toHaveCount(0);
  stranger.close();
});
