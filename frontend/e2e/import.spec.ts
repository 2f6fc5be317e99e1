// Conversations from elsewhere: looked through, taken in once, read in the chat.
import { expect } from '@playwright/test';

import { violations } from './axe';
import { makeOwner, test } from './installation';
import { link } from './sidebar';

const message = (role: string, text: string): object => ({
  author: { role },
  create_time: 1_750_000_000,
  content: { content_type: 'text', parts: [text] },
  metadata: { model_slug: 'gpt-5' },
});

const EXPORT = JSON.stringify([
  {
    id: 'chat-1',
    title: 'The lamp of Rügen',
    mapping: {
      root: { id: 'root', message: null, parent: null, children: ['q'] },
      q: { id: 'q', message: message('user', 'Which lamp is it?'), parent: 'root', children: ['a'] },
      a: { id: 'a', message: message('assistant', 'The one at **Arkona**.'), parent: 'q', children: [] },
    },
    current_node: 'a',
  },
  { id: 'chat-2', title: 'A damaged one', mapping: null },
]);

test('an export of ChatGPT is looked through, imported once, and read', async ({ page, omniai }) => {
  await makeOwner(page, omniai);
  await page.goto(`${omniai.url}/#/settings`);
  const data = page.getByRole('region', { name: 'Your data' });
  const choose = async (content: string): Promise<void> => {
    const chooser = page.waitForEvent('filechooser');
    await data.getByRole('button', { name: 'Import …' }).press('Enter');
    await (await chooser).setFiles({ name: 'conversations.json', mimeType: 'application/json', buffer: Buffer.from(content) });
  };
  await choose('no export');
  await expect(data).toContainText('conversations.json is neither a zip nor JSON.');
  await data.getByRole('button', { name: 'Leave it' }).click();
  await choose(EXPORT);
  await expect(data.getByRole('status')).toHaveText('One conversation can be imported. One cannot be read:');
  await expect(data.getByRole('listitem')).toHaveText('A damaged one It has no messages (the entry is damaged).');
  await expect(link(page, 'The lamp of Rügen')).toHaveCount(0);
  expect(await violations(page)).toEqual([]);
  await data.getByRole('button', { name: 'Import one conversation' }).click();
  await expect(data.getByRole('status')).toHaveText('One conversation was imported. One cannot be read:');
  await choose(EXPORT);
  await expect(data.getByRole('status')).toHaveText('0 conversations can be imported. One is here already. One cannot be read:');
  await link(page, 'The lamp of Rügen').click();
  await expect(page.getByRole('article', { name: 'Answer' }).locator('strong')).toHaveText('Arkona');
});
