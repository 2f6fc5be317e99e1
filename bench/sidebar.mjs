// Measures the sidebar with 10,000 conversations: how soon it stands there once its data has come, how soon when all of it is
// known, and what its frames cost while it is scrolled from end to end. The real server and page over a filled database.
import { mkdtemp, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { BIN, ROOT, start, stopAll } from '../scripts/programs.mjs'
import { enter, installed } from './installation.mjs'
import { CATEGORIES, percentile, workOfFrames } from './traces.mjs'

const { chromium } = createRequire(join(ROOT, 'frontend', 'package.json'))('@playwright/test')

const CONVERSATIONS = 10_000
const OPENINGS = 10
const BOUNDS = { opened: 200, frame: 16.7 }
/** Seven screens of it. */
const PIXELS_A_SECOND = 5000

async function serve(data) {
  const { address } = await installed(data)
  await start(join(BIN, 'python'), [join(ROOT, 'bench', 'conversations.py'), data, String(CONVERSATIONS)], /stored/)
  return address
}

/** Notes inside the page when the list's data had come and when its first lines were painted. */
function watchOpening() {
  const observer = new MutationObserver(() => {
    if (!document.querySelector('[data-line]')) return
    observer.disconnect()
    requestAnimationFrame(() => setTimeout(() => {
      const lists = performance.getEntriesByType('resource').filter(({ name }) => name.includes('/conversations?'))
      window.opened = performance.now() - Math.max(...lists.map(({ responseEnd }) => responseEnd))
    }))
  })
  observer.observe(document, { childList: true, subtree: true })
}

async function signIn(page, address) {
  await page.goto(address)
  await enter(page)
  await page.keyboard.press('Enter')
  await page.locator('[data-line]').first().waitFor()
}

async function openings(page) {
  await page.addInitScript(watchOpening)
  const times = []
  for (let number = 0; number < OPENINGS; number += 1) {
    await page.reload()
    times.push(await (await page.waitForFunction(() => window.opened)).jsonValue())
  }
  return times
}

/** Goes to the end, and to the next end, until the oldest one has the focus. */
async function readAll(page) {
  const oldest = page.locator('[data-line] a:focus', { hasText: `part ${CONVERSATIONS - 1}` })
  await page.locator('[data-line] a').first().focus()
  while ((await oldest.count()) === 0) {
    await page.keyboard.press('End')
    await page.waitForTimeout(30)
  }
  await page.keyboard.press('Home')
}

/** With every conversation known: the sidebar is hidden and shown again. */
async function reopenings(page) {
  const times = []
  for (let number = 0; number < OPENINGS; number += 1) {
    await page.keyboard.press('ControlOrMeta+Shift+S')
    await page.locator('[data-line]').first().waitFor({ state: 'detached' })
    const painted = page.evaluate(() => new Promise((resolve) => {
      let pressed = 0
      document.addEventListener('keydown', (event) => { pressed = event.timeStamp }, { once: true, capture: true })
      const look = () => {
        if (!document.querySelector('[data-line]')) return requestAnimationFrame(look)
        setTimeout(() => resolve(performance.now() - pressed))
      }
      requestAnimationFrame(look)
    }))
    await page.keyboard.press('ControlOrMeta+Shift+S')
    times.push(await painted)
  }
  return times
}

async function scrolling(browser, page) {
  const list = page.locator('[data-line]').first()
  const { x, y, width } = await list.boundingBox()
  const session = await page.context().newCDPSession(page)
  const height = await list.evaluate((line) => line.closest('.overflow-y-auto').scrollHeight)
  await browser.startTracing(page, { categories: CATEGORIES })
  await page.evaluate(() => {
    window.frames_ = []
    const tick = (now) => {
      window.frames_.push(now)
      requestAnimationFrame(tick)
    }
    requestAnimationFrame(tick)
  })
  const gesture = { x: x + width / 2, y: y + 100, speed: PIXELS_A_SECOND, gestureSourceType: 'mouse' }
  await session.send('Input.synthesizeScrollGesture', { ...gesture, yDistance: -height })
  const frames = await page.evaluate(() => window.frames_)
  const { traceEvents } = JSON.parse(await browser.stopTracing())
  return { work: workOfFrames(traceEvents), gaps: frames.slice(1).map((at, place) => at - frames[place]) }
}

function print(opened, reopened, { work, gaps }) {
  const rows = [
    [`data to painted list, slowest of ${OPENINGS}`, Math.max(...opened), 'ms', BOUNDS.opened],
    ['key to painted list with all known, slowest', Math.max(...reopened), 'ms', BOUNDS.opened],
    ['frames while scrolled from end to end', work.length, ''],
    ['work of the main thread per frame, p50', percentile(work, 0.5), 'ms'],
    ['work of the main thread per frame, p95', percentile(work, 0.95), 'ms', BOUNDS.frame],
    ['frame to frame, p50', percentile(gaps, 0.5), 'ms'],
    ['frame to frame, p95', percentile(gaps, 0.95), 'ms'],
    ['frames that came late', (100 * gaps.filter((gap) => gap > 25).length) / gaps.length, '%'],
  ]
  for (const [name, value, unit, bound] of rows) {
    const verdict = bound === undefined ? '' : value <= bound ? `within ${bound}` : `ABOVE ${bound}`
    console.log(`${name.padEnd(46)}${value.toFixed(1).padStart(9)} ${unit.padEnd(3)} ${verdict}`)
  }
}

const data = await mkdtemp(join(tmpdir(), 'omniai-sidebar-'))
const browser = await chromium.launch({
  executablePath: process.env.PLAYWRIGHT_CHROMIUM,
  args: process.getuid() === 0 ? ['--no-sandbox'] : [], // Chromium refuses its sandbox to root
})
try {
  const address = await serve(data)
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
  await signIn(page, address)
  const opened = await openings(page)
  await readAll(page)
  print(opened, await reopenings(page), await scrolling(browser, page))
} finally {
  await browser.close()
  await stopAll()
  await rm(data, { recursive: true, force: true })
}
