// Measures what Lighthouse calls first contentful paint, interactive and total blocking time, of the sign-in page and of the chat
// right after: as they are, and as a phone has them (Lighthouse's own slow 4G and a processor a quarter as fast). First visits.
import { mkdtemp, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { ROOT, stopAll } from '../scripts/programs.mjs'
import { enter, installed } from './installation.mjs'
import { percentile } from './traces.mjs'

const { chromium } = createRequire(join(ROOT, 'frontend', 'package.json'))('@playwright/test')

const VISITS = 7
/** https://github.com/GoogleChrome/lighthouse/blob/main/docs/throttling.md: what DevTools takes for 1.6 Mbit/s and 150 ms. */
const SLOW_4G = { offline: false, latency: 562.5, downloadThroughput: (1474.56 * 1024) / 8, uploadThroughput: (675 * 1024) / 8 }
const SLOWER = 4
const LONG_TASK_MS = 50

/** Keeps what blocked the page's thread, from its first script on. */
function watchTasks() {
  window.longTasks = []
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) window.longTasks.push({ startTime, duration })
  }).observe({ type: 'longtask', buffered: true })
}

/** What blocked between two moments, beyond what a task may take. */
async function blocked(page, from, until) {
  const tasks = await page.evaluate(() => window.longTasks)
  return tasks.filter(({ startTime }) => startTime >= from && startTime < until).reduce((sum, { duration }) => sum + duration - LONG_TASK_MS, 0)
}

async function visit(browser, address, phone) {
  const context = await browser.newContext({ serviceWorkers: 'block' })
  const page = await context.newPage()
  if (phone) {
    const devTools = await context.newCDPSession(page)
    await devTools.send('Network.enable')
    await devTools.send('Network.emulateNetworkConditions', SLOW_4G)
    await devTools.send('Emulation.setCPUThrottlingRate', { rate: SLOWER })
  }
  await page.addInitScript(watchTasks)
  await page.goto(address)
  const name = page.getByLabel('User name')
  await name.waitFor()
  const interactive = await page.evaluate(() => performance.now())
  // Told a frame after it happened.
  const paint = await (await page.waitForFunction(() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime)).jsonValue()
  const doorBlocked = await blocked(page, 0, interactive)
  await enter(page)
  const entered = await page.evaluate(() => performance.now())
  await page.keyboard.press('Enter')
  await page.getByRole('textbox', { name: 'Your question' }).waitFor()
  const inside = await page.evaluate(() => performance.now())
  const chatBlocked = await blocked(page, entered, inside)
  await context.close()
  return { paint, interactive, doorBlocked, chat: inside - entered, chatBlocked }
}

function print(what, visits) {
  const middle = (name) => percentile(visits.map((each) => each[name]), 0.5).toFixed(0).padStart(6)
  console.log(`\n${what}, median of ${visits.length} first visits`)
  console.log(`sign-in: first contentful paint  ${middle('paint')} ms`)
  console.log(`sign-in: interactive             ${middle('interactive')} ms`)
  console.log(`sign-in: total blocking time     ${middle('doorBlocked')} ms`)
  console.log(`from Enter to the chat           ${middle('chat')} ms`)
  console.log(`chat: total blocking time        ${middle('chatBlocked')} ms`)
}

const data = await mkdtemp(join(tmpdir(), 'omniai-bench-'))
const args = process.getuid?.() === 0 ? ['--no-sandbox'] : []
const browser = await chromium.launch({ args, executablePath: process.env.PLAYWRIGHT_CHROMIUM })
try {
  const { address } = await installed(data)
  for (const phone of [false, true]) {
    const visits = []
    for (let number = 0; number < VISITS; number += 1) visits.push(await visit(browser, address, phone))
    print(phone ? 'As on a phone' : 'As it is', visits)
  }
} finally {
  await browser.close()
  await stopAll()
  await rm(data, { recursive: true, force: true })
}
