// Friends outside the house: the page from a host of static files, the backend behind a tunnel with the lock on.
import { expect } from '@playwright/test';

import { ask, chooseModel, enterAsOwner, Installation, test as base } from './installation';
import { PagesHost } from './pages-host';
import { bootstrap } from './people';
import { LOCK_SECRET, PUBLIC_NAME, Tunnel } from './tunnel';
import config from '../playwright.config';

const SLOW_MODEL = 'pace-20-100';
const WHOLE = Array.from({ length: 100 }, (_, place) => `tok${place}`).join(' ');

const test = base.extend<{ host: PagesHost; tunnel: Tunnel }>({
  // oxlint-disable-next-line no-empty-pattern -- Playwright reads the names of the fixtures from the pattern
  host: async ({}, use) => {
    const host = await PagesHost.open();
    await use(host);
    host.close();
  },
  tunnel: async ({ host }, use) => {
    const installation = new Installation({
      OMNIAI_CORS_ORIGINS: host.origin,
      OMNIAI_ALLOWED_HOSTS: `${PUBLIC_NAME},127.0.0.1`,
      OMNIAI_ORIGIN_LOCK_ENABLED: 'true',
      OMNIAI_ORIGIN_LOCK_SECRET: LOCK_SECRET,
    });
    await installation.up();
    const tunnel = new Tunnel(installation.url);
    await tunnel.open();
    // A page that is built for a backend allows that alone; this one is built for any, over https.
    host.edits.set('index.html', (text) => text.replace('connect-src ', `connect-src ${tunnel.url} ${tunnel.bareUrl} `));
    host.config = JSON.stringify({ apiBaseUrl: tunnel.url });
    await bootstrap({ url: tunnel.bareUrl });
    await use(tunnel);
    await tunnel.close();
    await installation.down();
  },
});

const launchOptions = config.use?.launchOptions ?? {};
test.use({
  launchOptions: { ...launchOptions, args: [...(launchOptions.args ?? []), `--host-resolver-rules=MAP ${PUBLIC_NAME} 127.0.0.1`] },
});

test('a turn costs the tunnel two requests at most, and an idle tab none', async ({ page, host, tunnel, faults }) => {
  const noon = new Date();
  noon.setUTCHours(12, 0, 0, 0);
  await page.clock.install({ time: noon });
  await page.goto(host.url);
  await enterAsOwner(page);
  await page.getByRole('textbox', { name: 'Your question' }).waitFor();
  await page.waitForLoadState('networkidle');
  const answers = page.getByRole('article', { name: 'Answer' });
  const thread = page.getByRole('region', { name: 'Conversation' });
  const turn = async (question: string, place: number): Promise<string[]> => {
    const before = tunnel.asked.length;
    await ask(page, question);
    await expect(answers.nth(place)).toContainText('That is all.');
    await expect(answers.nth(place).getByRole('button', { name: 'Answer again' })).toBeVisible();
    await page.waitForLoadState('networkidle');
    return tunnel.asked.slice(before);
  };
  expect(await turn('First?', 0)).toEqual(['OPTIONS /chat/stream', 'POST /chat/stream']);
  expect(await turn('Second?', 1)).toEqual(['POST /chat/stream']);
  await expect(page.getByRole('navigation', { name: 'Conversations' }).getByRole('link', { name: 'First?' })).toBeVisible();

  const quiet = tunnel.asked.length;
  await page.clock.fastForward('10:00');
  await page.waitForLoadState('networkidle');
  expect(tunnel.asked.slice(quiet)).toEqual([]);

  // What the page wrote down by itself is what is stored.
  const shown = await thread.innerText();
  await page.reload();
  await enterAsOwner(page);
  await expect(answers).toHaveCount(2);
  const times = /\d+:\d+ [AP]M/g;
  await expect.poll(async () => (await thread.innerText()).replaceAll(times, '')).toBe(shown.replaceAll(times, ''));
  expect(faults).toEqual([]);
});

test('an answer goes on when the tunnel is back', async ({ page, host, tunnel }) => {
  await page.goto(host.url);
  await enterAsOwner(page);
  await page.getByRole('textbox', { name: 'Your question' }).waitFor();
  await chooseModel(page, SLOW_MODEL);
  await ask(page, 'Count.');
  const answer = page.getByRole('article', { name: 'Answer' });
  await expect(answer).toContainText('tok10');
  await tunnel.close();
  await expect(page.getByText('OmniAI is away').or(page.getByText('away')).first()).toBeVisible();
  await tunnel.open();
  await expect(answer.locator('.md').first()).toHaveText(WHOLE, { timeout: 30_000 });
  await expect(page.getByRole('article', { name: 'Your question' })).toHaveCount(1);
});

test('by a name of ngrok’s the page passes the page that ngrok shows before', async ({ page, host, tunnel }) => {
  // By another name the page does not say that it knows of that one, which is no answer that a page of elsewhere may read.
  host.config = JSON.stringify({ apiBaseUrl: tunnel.bareUrl });
  await page.goto(host.url);
  await expect(page.getByRole('heading', { name: 'OmniAI is away' })).toBeVisible();
  expect(tunnel.asked).toContain('GET /auth/config');
  host.config = JSON.stringify({ apiBaseUrl: tunnel.url });
  await page.reload();
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
});
