// What a model says is untrusted: it may not run, nor reach out, nor forge the stream that carries it. Two walls keep it so, and
// each holds alone: the sanitiser (the page makes no element, attribute or address but harmless ones) and the browser's policy.
import { expect, test as base, type Page } from '@playwright/test';

import type { Outcome } from './hostile/outcome';
import { PAYLOADS } from './hostile/payloads';
import { startNeighbour, startSite, type Walls } from './hostile/site';
import { ask, makeOwner, test } from './installation';

base.describe.configure({ timeout: 120_000 });
base.use({ trace: 'off' });

const { beyondPolicy, ...within } = PAYLOADS;
const WITHIN = Object.values(within).flat();
const ALL = [...WITHIN, ...beyondPolicy];

type Told = Outcome & { asked: string[] };

/** Each payload tells which it is, by what it calls or what it asks for. */
async function takeIn(page: Page, payloads: readonly string[], walls: Walls, everySplit: boolean): Promise<Told> {
  const [site, neighbour] = await Promise.all([startSite(walls), startNeighbour()]);
  const armed = payloads.map((payload, index) =>
    payload.replaceAll('HIT', `hit(${index})`).replaceAll('EVIL', `${neighbour.url}/${index}`),
  );
  try {
    await page.goto(site.url);
    const outcome = await page.evaluate(([texts, each]) => window.takeIn(texts, each), [armed, everySplit] as const);
    return { ...outcome, asked: [...new Set(neighbour.asked)] };
  } finally {
    await Promise.all([site.close(), neighbour.close()]);
  }
}

base('with both walls down the payloads run and reach out', async ({ page }) => {
  const { hits, asked, marks } = await takeIn(page, WITHIN, { sanitiser: false, policy: false }, false);
  expect(hits.length).toBeGreaterThan(80);
  expect(asked.length).toBeGreaterThan(40);
  expect(marks.length).toBeGreaterThan(150);
});

base('split at every byte, they do neither where the sanitiser stands alone', async ({ page }) => {
  const { splits, ...rest } = await takeIn(page, ALL, { sanitiser: true, policy: false }, true);
  expect(splits).toBeGreaterThan(10_000);
  expect(rest).toEqual({ hits: [], marks: [], failures: [], asked: [] });
});

base('split at every byte, they do neither where the policy stands alone', async ({ page }) => {
  const { hits, asked, splits, failures } = await takeIn(page, WITHIN, { sanitiser: false, policy: true }, true);
  expect(splits).toBeGreaterThan(10_000);
  expect({ hits, asked, failures }).toEqual({ hits: [], asked: [], failures: [] });
});

test('whole, through the server and its stream, they do neither', async ({ page, omniai, faults }) => {
  const outside: string[] = [];
  page.on('request', (request) => {
    if (!request.url().startsWith(omniai.url)) outside.push(request.url());
  });
  await makeOwner(page, omniai);
  await page.evaluate(() => Object.assign(window, { hit: () => Object.assign(window, { wasHit: true }) }));
  for (const payloads of Object.values(PAYLOADS)) {
    const question = payloads.join('\n\n').replaceAll('HIT', 'hit(1)').replaceAll('EVIL', 'http://evil.example/x').replaceAll('\u0000', '');
    // Half a character is no text that a server takes.
    await ask(page, new TextDecoder().decode(new TextEncoder().encode(question)));
    await expect(page.getByRole('button', { name: 'Stop' })).toBeHidden();
    await expect(page.getByRole('article', { name: 'Answer' }).last()).toContainText('An echo, nothing more');
  }
  const answers = page.getByRole('article', { name: 'Answer' });
  await expect(answers).toHaveCount(Object.keys(PAYLOADS).length);
  expect(await page.evaluate(() => 'wasHit' in window)).toBe(false);
  expect(outside).toEqual([]);
  // The frame that draws diagrams has no other wall than the browser's policy, and it holds.
  expect(faults.filter((fault) => !/Executing inline event handler .*\/assets\/mermaid-/s.test(fault))).toEqual([]);
  await expect(
    answers.locator(
      'script, iframe, object, embed, img:not([src^="data:image/svg+xml"]), video, audio, style, link, meta, base, form, svg use',
    ),
  ).toHaveCount(0);
  await expect(answers.locator('a:not([href^="http"], [href^="mailto:"])')).toHaveCount(0);
});
