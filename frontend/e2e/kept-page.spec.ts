// The page that the browser keeps: it opens while OmniAI is away, holds nothing of what was said, and gives way to a newer build.
import { expect, type Page } from '@playwright/test';

import { ask, enterAsOwner, Installation, makeOwner, PASSWORD, test } from './installation';
import { PagesHost } from './pages-host';
import { bootstrap } from './people';

test.use({ serviceWorkers: 'allow' });

/** Until every file of the page is kept. */
async function kept(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
    if (navigator.serviceWorker.controller) return;
    await new Promise((resolve) => navigator.serviceWorker.addEventListener('controllerchange', resolve));
  });
}

/** Every address in the browser's caches, and every text in them. */
async function keptThings(page: Page): Promise<{ url: string; text: string }[]> {
  return page.evaluate(async () => {
    const things: { url: string; text: string }[] = [];
    for (const name of await caches.keys()) {
      const cache = await caches.open(name);
      for (const request of await cache.keys()) {
        things.push({ url: request.url, text: (await (await cache.match(request))?.text()) ?? '' });
      }
    }
    return things;
  });
}

test('opens while OmniAI is away, says so, and goes on when it is back', async ({ page, omniai }) => {
  await makeOwner(page, omniai);
  await ask(page, 'First?');
  await expect(page.getByRole('article', { name: 'Answer' })).toContainText('That is all.');
  await kept(page);
  await omniai.killServer();
  await page.reload();
  await expect(page.getByRole('heading', { name: 'OmniAI is away' })).toBeVisible();
  await omniai.startServer();
  await expect(page.getByRole('article', { name: 'Answer' })).toContainText('That is all.');
});

test('keeps the page alone, and nothing of what was said', async ({ page, omniai, faults }) => {
  await makeOwner(page, omniai);
  await kept(page);
  await ask(page, 'My secret is marzipan.');
  await expect(page.getByRole('article', { name: 'Answer' })).toContainText('That is all.');
  await page.reload();
  await expect(page.getByRole('article', { name: 'Answer' })).toContainText('That is all.');
  const things = await keptThings(page);
  const paths = things.map(({ url }) => new URL(url).pathname).filter((path) => !path.startsWith('/assets/'));
  expect(paths.toSorted()).toEqual([
    '/',
    '/icon-180.png',
    '/icon-192.png',
    '/icon-512.png',
    '/lamp.svg',
    '/manifest.webmanifest',
    '/runtime-config.json',
    '/theme.js',
  ]);
  expect(things.filter(({ text }) => text.includes('marzipan') || text.includes(PASSWORD))).toEqual([]);
  expect(faults).toEqual([]);
});

test('can be installed', async ({ page, omniai }) => {
  await makeOwner(page, omniai);
  await kept(page);
  const devTools = await page.context().newCDPSession(page);
  const manifest = await devTools.send('Page.getAppManifest');
  expect(manifest.errors).toEqual([]);
  expect(JSON.parse(manifest.data ?? '{}')).toMatchObject({ name: 'OmniAI', start_url: './', display: 'standalone' });
  const { installabilityErrors } = await devTools.send('Page.getInstallabilityErrors');
  // Browser tests run in private windows, where nothing can be installed.
  expect(installabilityErrors.filter(({ errorId }) => errorId !== 'in-incognito')).toEqual([]);
});

test('a newer build is there with the next load, and the one before stays for its tabs', async ({ page }) => {
  const host = await PagesHost.open();
  const omniai = new Installation({ OMNIAI_CORS_ORIGINS: host.origin });
  await omniai.up();
  host.config = JSON.stringify({ apiBaseUrl: omniai.url });
  try {
    await bootstrap(omniai);
    await page.goto(host.url);
    await enterAsOwner(page);
    await kept(page);
    // What another path of the same host keeps there is not touched.
    await page.evaluate(() => caches.open('somebody else’s'));
    for (const build of ['second', 'third', 'fourth']) {
      host.edits.set('index.html', (text) => text.replace('<title>OmniAI', `<title>${build}`));
      host.edits.set('service-worker.js', (text) => text.replace(/"version":"\w+"/, `"version":"${build}"`));
      await page.evaluate(async () => {
        const replaced = new Promise((resolve) => navigator.serviceWorker.addEventListener('controllerchange', resolve));
        await (await navigator.serviceWorker.ready).update();
        await replaced;
      });
      const served = page.waitForResponse(host.url);
      await page.reload();
      expect(await (await served).text()).toContain(`<title>${build}`);
    }
    const names = await page.evaluate(() => caches.keys());
    expect(names).toEqual(['somebody else’s', `omniai ${host.url} third`, `omniai ${host.url} fourth`]);
  } finally {
    host.close();
    await omniai.down();
  }
});

test('two people may sign in one after the other without a reload', async ({ page, omniai, faults }) => {
  await makeOwner(page, omniai);
  await kept(page);
  await page.getByRole('button', { name: 'owner' }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await enterAsOwner(page);
  await page.getByRole('textbox', { name: 'Your question' }).waitFor();
  expect(faults).toEqual([]);
});

test('who is signed in is told of a newer build', async ({ page, omniai }) => {
  await makeOwner(page, omniai);
  await kept(page);
  await page.reload();
  await page.getByRole('textbox', { name: 'Your question' }).waitFor();
  // As a newer build's worker does when it takes over.
  await page.evaluate(() => navigator.serviceWorker.dispatchEvent(new Event('controllerchange')));
  const news = page.getByRole('status').filter({ hasText: 'There is a newer OmniAI.' });
  const loaded = page.waitForEvent('load');
  await news.getByRole('button', { name: 'Load it' }).click();
  await loaded;
});
