// Diagrams: drawn apart from the page, as images; text where they cannot be drawn; and nothing that a model writes into one gets out.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { expect, type Locator, type Page } from '@playwright/test';

import { violations } from './axe';
import { ask, makeOwner, test } from './installation';

const FLOW = 'flowchart LR\n  A[Flour and water] --> B{Does it rise?}\n  B -- yes --> C[Bake it]\n  B -- no --> D[Wait]';

const answerOf = (page: Page): Locator => page.getByRole('article', { name: 'Answer' }).last();
const image = (page: Page): Locator => answerOf(page).getByRole('img', { name: 'Diagram' });

/** The double says the question again. */
async function answered(page: Page, code: string): Promise<void> {
  await ask(page, `\n\n\`\`\`mermaid\n${code}\n\`\`\`\n`);
  await expect(answerOf(page)).toContainText('That is all.');
}

/** The words in the image, which is a document of its own. */
async function wordsIn(drawn: Locator): Promise<string> {
  const [head = '', svg = ''] = decodeURIComponent((await drawn.getAttribute('src')) ?? '').split(/,(.*)/s);
  expect(head).toBe('data:image/svg+xml;charset=utf-8');
  return svg.replace(/<style>.*<\/style>|<[^>]+>/gs, '');
}

test('a diagram is drawn, is text when that is wished, and follows day and night', async ({ page, omniai, faults }) => {
  await makeOwner(page, omniai);
  await answered(page, FLOW);
  await expect(image(page)).toBeVisible();
  expect(await wordsIn(image(page))).toContain('Does it rise?');
  expect(await image(page).evaluate((drawn: HTMLImageElement) => drawn.naturalWidth)).toBeGreaterThan(200);
  expect(await violations(page)).toEqual([]);
  const day = await image(page).getAttribute('src');
  await page.emulateMedia({ colorScheme: 'dark' });
  await expect(image(page)).not.toHaveAttribute('src', day ?? '');
  expect(await violations(page)).toEqual([]);
  await answerOf(page).getByRole('button', { name: 'Show as text' }).click();
  await expect(answerOf(page).locator('pre').first()).toContainText('B{Does it rise?}');
  await answerOf(page).getByRole('button', { name: 'Show as diagram' }).click();
  await expect(image(page)).toBeVisible();
  await page.reload();
  await expect(image(page)).toBeVisible();
  await answered(page, 'sequenceDiagram\n  Ann->>Ben: Hello\n  Ben-->>Ann: Good morning');
  expect(await wordsIn(image(page))).toContain('Good morning');
  expect(faults).toEqual([]);
});

test('one within a list is drawn once it is all there', async ({ page, omniai, faults }) => {
  let frames = 0;
  page.on('request', (request) => {
    if (request.url().endsWith('/diagram.html')) frames += 1;
  });
  await makeOwner(page, omniai);
  const code = `graph TD\n${Array.from({ length: 30 }, (_, place) => `  A${place}[Step ${place}] --> A${place + 1}`).join('\n')}`;
  await ask(page, `\n\n1. First:\n\n\`\`\`mermaid\n${code}\n\`\`\`\n`.replace(/\n(?=```|graph|  A)/g, '\n   '));
  await expect(image(page)).toBeVisible();
  expect(await wordsIn(image(page))).toContain('Step 29');
  expect(frames).toBe(1);
  expect(faults).toEqual([]);
});

test('what is no diagram stays text', async ({ page, omniai, faults }) => {
  await makeOwner(page, omniai);
  await answered(page, 'flowchart LR\n  A[never closed');
  await expect(answerOf(page).locator('pre').first()).toContainText('A[never closed');
  await expect(answerOf(page).getByRole('button', { name: 'Show as text' })).toBeHidden();
  await answered(page, FLOW);
  await expect(image(page)).toBeVisible();
  expect(faults).toEqual([]);
});

test('nothing written into a diagram runs or reaches out', async ({ page, omniai }) => {
  const asked: string[] = [];
  const neighbour = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.end();
  });
  await new Promise<void>((resolve) => neighbour.listen(0, '127.0.0.1', resolve));
  const evil = `http://127.0.0.1:${(neighbour.address() as AddressInfo).port}`;
  const hostile = [
    `graph TD; A["<img src='${evil}/a' onerror='parent.hit()'>"]-->B`,
    `graph TD; A["<script src='${evil}/b'></script>"]-->B`,
    `graph TD; A-->B; click A href "javascript:parent.hit()"`,
    `graph TD; A-->B; click A call hit()`,
    `%%{init: {"securityLevel": "loose", "htmlLabels": true, "themeCSS": "@import url(${evil}/c); * { background: url(${evil}/d) }"}}%%\ngraph TD; A["<iframe src='${evil}/e'></iframe>"]-->B`,
    `%%{init: {"theme": "base", "fontFamily": "x; } * { background-image: url(${evil}/f) } y {", "themeVariables": {"primaryColor": "url(${evil}/g)"}}}%%\ngraph TD; A-->B`,
    `graph TD; A-->B; classDef x fill:url(${evil}/h),background:url(${evil}/i); class A x`,
    `sequenceDiagram\n  participant A as <svg onload=parent.hit()>\n  A->>A: <a href="${evil}/j" ping="${evil}/k">x</a>`,
    `graph TD; A@{ img: "${evil}/l", label: "x", w: 60, h: 60 } --> B`,
  ];
  await makeOwner(page, omniai);
  await page.evaluate(() => Object.assign(window, { hit: () => Object.assign(window, { wasHit: true }) }));
  for (const code of hostile) {
    await answered(page, code);
    // Drawn or refused, it has come to an end.
    await expect(answerOf(page).locator('.code-block').first().locator('.diagram > img, pre')).toBeVisible();
  }
  await answered(page, FLOW);
  await expect(image(page)).toBeVisible();
  const frames = page.frames().filter((frame) => frame !== page.mainFrame());
  expect(frames).toHaveLength(1);
  expect(await frames[0]?.evaluate(() => window.origin)).toBe('null');
  await expect(page.locator('iframe')).toHaveAttribute('sandbox', 'allow-scripts');
  expect(await page.evaluate(() => 'wasHit' in window)).toBe(false);
  expect(asked).toEqual([]);
  neighbour.close();
});
