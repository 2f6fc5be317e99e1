// The languages of the page: the browser's from the first, and another one by choice.
import { expect, type Page } from '@playwright/test';

import { makeOwner, PASSWORD, test } from './installation';

const ADMIN_PAGES = [
  ['#/admin', 'Resumen', 'Sesiones abiertas'],
  ['#/admin/people', 'Personas', 'Pueden iniciar sesión'],
  ['#/admin/invites', 'Invitaciones', 'Aún no se ha creado ninguna invitación.'],
  ['#/admin/usage', 'Uso', 'No se usó nada en estos días.'],
  ['#/admin/audit', 'Auditoría', 'Configuró OmniAI'],
] as const;

function heading(page: Page, name: string) {
  return page.getByRole('heading', { level: 1, name, exact: true });
}

test('a Spanish browser sees Spanish on every page', async ({ page, browser, omniai }) => {
  await makeOwner(page, omniai);
  const guest = await (await browser.newContext({ locale: 'es-ES' })).newPage();
  await guest.goto(omniai.url);
  await expect(heading(guest, 'Iniciar sesión')).toBeVisible();
  await expect(guest.locator('html')).toHaveAttribute('lang', /^es/);
  await guest.getByLabel('Nombre de usuario').fill('owner');
  await guest.getByLabel('Contraseña', { exact: true }).fill(PASSWORD);
  await guest.keyboard.press('Enter');
  await expect(guest.getByRole('textbox', { name: 'Tu pregunta' })).toBeVisible();

  await guest.goto(`${omniai.url}/#/settings`);
  await expect(heading(guest, 'Ajustes')).toBeVisible();
  await expect(guest.getByRole('region', { name: 'Sesiones' })).toContainText('Este, desde');
  for (const [path, name, words] of ADMIN_PAGES) {
    await guest.goto(`${omniai.url}/${path}`);
    await expect(heading(guest, name)).toBeVisible();
    await expect(guest.getByRole('main')).toContainText(words);
  }
});

test('the language that one chooses holds at once and on the next visit', async ({ page, omniai }) => {
  await makeOwner(page, omniai);
  await page.goto(`${omniai.url}/#/settings`);
  await expect(page.getByRole('radio', { name: 'As the browser' })).toBeChecked();
  const typed = page.getByLabel('Present password', { exact: true });
  await typed.fill('not yet saved');

  await page.getByRole('radio', { name: 'Español' }).check();
  await expect(heading(page, 'Ajustes')).toBeVisible();
  await expect(page.locator('html')).toHaveAttribute('lang', 'es');
  // The page changed in place: what was typed is still there.
  await expect(page.getByLabel('Contraseña actual', { exact: true })).toHaveValue('not yet saved');

  await page.reload();
  await expect(heading(page, 'Ajustes')).toBeVisible();
  await page.getByRole('radio', { name: 'Como el navegador' }).check();
  await expect(heading(page, 'Settings')).toBeVisible();
});
