// What a model says is untrusted: it may not run, nor reach out, nor forge the stream that carries it.
import { expect } from '@playwright/test';

import { ask, makeOwner, test } from './installation';

const PAYLOADS = [
  '<script>window.hit = 1</script>',
  '<img src=x onerror="window.hit = 1">',
  '![pixel](http://evil.test/p.png)',
  '[click](javascript:window.hit=1)',
  '<iframe srcdoc="<script>parent.hit=1</script>"></iframe>',
  '<svg onload="window.hit=1"><use href="http://evil.test/x.svg#a"/></svg>',
  '<style>@import "http://evil.test/x.css"</style><link rel=stylesheet href=http://evil.test/y.css>',
  '<a href="data:text/html,<script>window.hit=1</script>">data</a>',
];

test('hostile answers neither run nor reach out', async ({ page, omniai }) => {
  const outside: string[] = [];
  page.on('request', (request) => {
    if (!request.url().startsWith(omniai.url)) outside.push(request.url());
  });
  await makeOwner(page, omniai);
  await ask(page, PAYLOADS.join('\n\n'));
  const answer = page.getByRole('article', { name: 'Answer' });
  await expect(answer).toContainText('That is all.');
  expect(await page.evaluate(() => 'hit' in window)).toBe(false);
  expect(outside).toEqual([]);
  await expect(answer.locator('script, iframe, img, style, link, svg use')).toHaveCount(0);
  await expect(answer.locator('a[href^="javascript"], a[href^="data"]')).toHaveCount(0);
});
