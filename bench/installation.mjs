// An OmniAI of its own for a benchmark of the page, whose owner is made. Knows not what is measured.
import { join } from 'node:path'

import { BIN, start } from '../scripts/programs.mjs'

export const OWNER = { username: 'owner', password: 'correct horse battery' }
const TOKEN = 'bootstrap-token-of-the-benchmarks-of-the-page'

/** Gives its address, and a sign-in of the owner's for calls beside the page. `settings` stand above its own. */
export async function installed(data, settings = {}) {
  const address = await start(join(BIN, 'omniai'), ['serve'], /http:\/\/127\.0\.0\.1:\d+/, {
    OMNIAI_PORT: '0',
    OMNIAI_DATA_DIR: data,
    OMNIAI_LOG_LEVEL: 'error',
    OMNIAI_BOOTSTRAP_TOKEN: TOKEN,
    OMNIAI_RATE_LIMIT_ENABLED: 'false',
    ...settings,
  })
  const answer = await fetch(`${address}/admin/bootstrap`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'X-Bootstrap-Token': TOKEN },
    body: JSON.stringify({ ...OWNER, transport: 'bearer' }),
  })
  if (!answer.ok) throw new Error(`The owner could not be made: ${answer.status}`)
  return { address, access: (await answer.json()).access_token }
}

/** At the door. */
export async function enter(page) {
  await page.getByLabel('User name').fill(OWNER.username)
  await page.getByLabel('Password', { exact: true }).fill(OWNER.password)
}
