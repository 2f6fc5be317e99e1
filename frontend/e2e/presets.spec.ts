// Presets as a person meets them: made, chosen beside the model, gone along with every question, deleted and brought back.
import { expect, type Locator, type Page } from '@playwright/test';

import { violations } from './axe';
import { ask, makeOwner, test } from './installation';

const section = (page: Page): Locator => page.getByRole('region', { name: 'Presets' });

async function make(page: Page, name: string, system: string): Promise<void> {
  await section(page).getByRole('button', { name: 'Make a preset' }).press('Enter');
  await expect(section(page).getByLabel('Name')).toBeFocused();
  await page.keyboard.type(name);
  await section(page).getByLabel('What the model is told first').fill(system);
}

test('a preset is made, goes with each question, and comes back after it was deleted', async ({ page, omniai }) => {
  await makeOwner(page, omniai);
  await expect(page.getByRole('button', { name: /^Preset:/ })).toHaveCount(0);
  await page.goto(`${omniai.url}/#/settings`);
  const presets = section(page);
  await expect(presets).toContainText('There are no presets yet.');
  await make(page, 'Brief', 'Answer briefly.');
  await presets.getByLabel('Temperature').fill('3');
  await presets.getByLabel('Top P').fill('0');
  await presets.getByRole('button', { name: 'Save' }).press('Enter');
  await expect(presets).toContainText('Write a number from 0 to 2.');
  await expect(presets).toContainText('Write a number above 0, up to 1.');
  expect(await violations(page)).toEqual([]);
  await presets.getByLabel('Temperature').fill('0,3');
  await presets.getByLabel('Top P').fill('');
  await presets.getByLabel('Longest answer').fill('50');
  await page.keyboard.press('Enter');
  await expect(presets.getByRole('listitem')).toContainText('Answer briefly. · Temperature 0.3');
  await make(page, 'brief', '');
  await page.keyboard.press('Tab');
  await presets.getByRole('button', { name: 'Save' }).click();
  await expect(presets).toContainText('Another preset has this name.');
  await presets.getByRole('button', { name: 'Cancel' }).click();

  await page.getByRole('link', { name: 'New conversation' }).click();
  await page.getByRole('button', { name: 'Preset: No preset' }).press('Enter');
  await page.getByRole('menuitemradio', { name: 'Brief' }).click();
  await expect(page.getByRole('button', { name: 'Preset: Brief' })).toBeVisible();
  expect(await violations(page)).toEqual([]);
  await ask(page, 'Hello?');
  await expect(page.getByRole('button', { name: 'Send' })).toBeVisible();
  const [first] = await omniai.questions();
  expect(first).toMatchObject({ temperature: 0.3, max_tokens: 50 });
  expect(first).not.toHaveProperty('top_p');
  expect(JSON.stringify(first?.['messages'])).toContain('Answer briefly.');

  await page.reload();
  await expect(page.getByRole('button', { name: 'Preset: Brief' })).toBeVisible();
  await page.getByRole('button', { name: 'Answer again' }).last().click();
  await expect(page.getByRole('button', { name: 'Send' })).toBeVisible();
  expect((await omniai.questions()).filter(({ temperature }) => temperature === 0.3)).toHaveLength(2);
  await page.getByRole('link', { name: 'New conversation' }).click();
  await expect(page.getByRole('button', { name: 'Preset: No preset' })).toBeVisible();

  await page.goto(`${omniai.url}/#/settings`);
  await presets.getByRole('button', { name: 'Delete: Brief' }).click();
  await expect(presets).toContainText('There are no presets yet.');
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(presets.getByRole('listitem')).toContainText('Brief');
  await page.reload();
  await expect(presets.getByRole('listitem')).toContainText('Brief');
});

test('presets that take more room than there is are refused with words, and nothing is lost', async ({ page, omniai }) => {
  await makeOwner(page, omniai);
  await page.goto(`${omniai.url}/#/settings`);
  await make(page, 'Small', 'Answer.');
  await section(page).getByRole('button', { name: 'Save' }).click();
  await expect(section(page).getByRole('listitem')).toHaveCount(1);
  await make(page, 'Large', 'x'.repeat(20_000));
  await section(page).getByRole('button', { name: 'Save' }).click();
  await expect(section(page).getByRole('alert')).toContainText('There is no room for so much');
  await expect(section(page).getByLabel('Name')).toHaveValue('Large');
  await section(page).getByRole('button', { name: 'Cancel' }).click();
  await page.reload();
  await expect(section(page).getByRole('listitem')).toHaveCount(1);
});
