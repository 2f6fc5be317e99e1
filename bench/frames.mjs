// Measures how the page holds up while an answer of 100 tokens a second grows in a conversation of 500 messages: frames, long
// tasks, the way from a key to its letter, and memory. The real server and page; the model server is the double of the tests.
import { mkdtemp, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { availableParallelism, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'

import { BIN, ROOT, start, stopAll } from '../scripts/programs.mjs'
import { enter, installed } from './installation.mjs'
import { question, storedAnswer } from './reading.mjs'

const { chromium } = createRequire(join(ROOT, 'frontend', 'package.json'))('@playwright/test')

const MESSAGES = 500
const TOKEN_MS = 10
const ANSWERS = Number(process.env.ANSWERS ?? 30)
const LONG_PARTS = 12
const SHORT_PARTS = 1
const KEY_EVERY_MS = 80
const BOUNDS = { frame: 16.7, task: 50, key: 50, heap: 1 }

async function serve(data) {
  const models = await start(join(BIN, 'python'), ['-m', 'tests.peers.lmstudio', '--token-ms', String(TOKEN_MS)], /http:\S+/)
  const { address, access } = await installed(data, {
    OMNIAI_QUOTA_MESSAGES_PER_DAY: 'unlimited',
    OMNIAI_QUOTA_TOKENS_PER_DAY: 'unlimited',
    OMNIAI_DEFAULT_MODEL: 'tiny-chat-1b',
    OMNIAI_LMSTUDIO_BASE_URL: `${models}/v1`,
  })
  return { address, call: callsOf(address, access) }
}

/** The owner's calls, beside the page. */
function callsOf(address, access) {
  return async (method, path, body) => {
    const answer = await fetch(address + path, {
      method,
      headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${access}` },
      body: JSON.stringify(body),
    })
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}`)
    return answer.json()
  }
}

async function fill(call) {
  const { id } = await call('POST', '/conversations', { title: 'A long conversation' })
  let leaf
  for (let number = 0; number < MESSAGES; number += 2) {
    await call('POST', `/conversations/${id}/messages`, { role: 'user', content: `What about number ${number / 2}?` })
    leaf = await call('POST', `/conversations/${id}/messages`, { role: 'assistant', content: storedAnswer(number / 2) })
  }
  return { id, leaf: leaf.id }
}

async function openPage(browser, address, conversation) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
  await page.goto(address)
  await enter(page)
  await page.keyboard.press('Enter')
  await page.getByRole('textbox', { name: 'Your question' }).waitFor()
  await page.goto(`${address}/#/c/${conversation.id}`)
  await settled(page)
  return page
}

/** The stored messages stand there, and the page has nothing more to do. */
async function settled(page) {
  await page.waitForFunction((count) => document.querySelectorAll('.answer').length === count, MESSAGES / 2)
  await page.waitForTimeout(3000)
}

const ask = async (page, text) => {
  await page.getByRole('textbox', { name: 'Your question' }).fill(text)
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Stop' }).waitFor()
}

const ended = (page) => page.getByRole('button', { name: 'Send' }).waitFor({ timeout: 120_000 })

/** Notes inside the page what its own clock says of frames, tasks and keys. */
function watch() {
  const seen = { frames: [], tasks: [], keys: [] }
  const stops = []
  const observe = (options, take) => {
    const observer = new PerformanceObserver((list) => list.getEntries().forEach(take))
    observer.observe(options)
    stops.push(() => {
      observer.takeRecords().forEach(take)
      observer.disconnect()
    })
  }
  observe({ type: 'longtask' }, (entry) => seen.tasks.push(entry.duration))
  observe({ type: 'event', durationThreshold: 16 }, (entry) => entry.name === 'keydown' && seen.keys.push(entry.duration))
  let running = true
  const tick = (now) => {
    seen.frames.push(now)
    if (running) requestAnimationFrame(tick)
  }
  requestAnimationFrame(tick)
  window.unwatch = () => {
    running = false
    stops.forEach((stop) => stop())
    return seen
  }
}

/** Types while the answer grows; gives what the page noted and what the browser traced. */
async function measure(browser, page) {
  const session = await page.context().newCDPSession(page)
  await ask(page, question(LONG_PARTS))
  await page.waitForTimeout(1000)
  await browser.startTracing(page, { categories: ['toplevel', 'disabled-by-default-devtools.timeline', 'devtools.timeline'] })
  await page.evaluate(watch)
  let keys = 0
  // Asking by role would walk the whole page each time, and be measured with it.
  while (await page.evaluate(() => document.querySelector('[aria-label="Stop"]') !== null)) {
    for (const letter of 'lamp and so') {
      await session.send('Input.dispatchKeyEvent', { type: 'keyDown', text: letter, key: letter })
      await session.send('Input.dispatchKeyEvent', { type: 'keyUp', key: letter })
      keys += 1
      await page.waitForTimeout(KEY_EVERY_MS)
    }
  }
  const seen = await page.evaluate(() => window.unwatch())
  const { traceEvents } = JSON.parse(await browser.stopTracing())
  await page.getByRole('textbox', { name: 'Your question' }).fill('')
  return { ...seen, keys: latencies(seen.keys, keys), work: workOf(traceEvents) }
}

/** What is faster than a frame, the browser does not tell of. */
function latencies(told, pressed) {
  return [...Array(Math.max(0, pressed - told.length)).fill(16), ...told]
}

/**
 * Milliseconds of processor time that the page's main thread took between one frame and the next, and for its longest task: on a
 * machine that does other things as well, the clock alone would measure those.
 */
function workOf(events) {
  const commits = events.filter(({ name }) => name === 'Commit').toSorted((one, two) => one.ts - two.ts)
  const { pid, tid } = commits.at(-1)
  const ends = commits.filter((event) => event.pid === pid).map(({ ts, dur }) => ts + dur)
  const frames = ends.map(() => 0)
  let task = 0
  for (const { name, ts, tdur = 0, ...thread } of events) {
    if (name !== 'RunTask' || thread.pid !== pid || thread.tid !== tid) continue
    task = Math.max(task, tdur / 1000)
    const place = ends.findIndex((end) => end > ts)
    if (place > 0) frames[place] += tdur / 1000
  }
  return { frames: frames.slice(1), task }
}

/** Each answer is taken back afterwards, so that every one of them leaves the page as it found it. */
async function heaps(page, address, call, conversation) {
  const session = await page.context().newCDPSession(page)
  await session.send('Performance.enable')
  const sizes = []
  for (let number = 0; number < ANSWERS; number += 1) {
    await ask(page, question(SHORT_PARTS))
    await ended(page)
    await call('PATCH', `/conversations/${conversation.id}`, { current_leaf_id: conversation.leaf })
    await page.goto(`${address}/#/`)
    await page.getByRole('region', { name: 'Conversation' }).waitFor({ state: 'detached' })
    await page.goto(`${address}/#/c/${conversation.id}`)
    await settled(page)
    for (let turn = 0; turn < 2; turn += 1) await session.send('HeapProfiler.collectGarbage')
    const { metrics } = await session.send('Performance.getMetrics')
    sizes.push(metrics.find(({ name }) => name === 'JSHeapUsedSize').value / 2 ** 20)
  }
  return sizes
}

const percentile = (values, share) => values.toSorted((one, two) => one - two)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? 0

function print({ frames, tasks, keys, work }, sizes) {
  console.log(`\n100 tokens a second into ${MESSAGES} messages; load of the machine ${loadavg()[0].toFixed(1)} on ${availableParallelism()} cores`)
  const gaps = frames.slice(1).map((at, place) => at - frames[place])
  const rows = [
    ['frames', gaps.length, ''],
    ['frame to frame, p50', percentile(gaps, 0.5), 'ms'],
    ['frame to frame, p95', percentile(gaps, 0.95), 'ms'],
    ['frames that came late', (100 * gaps.filter((gap) => gap > 25).length) / gaps.length, '%'],
    ['processor time of a frame, p50', percentile(work.frames, 0.5), 'ms'],
    ['processor time of a frame, p95', percentile(work.frames, 0.95), 'ms', BOUNDS.frame],
    ['processor time of the longest task', work.task, 'ms', BOUNDS.task],
    ['longest task by the clock', Math.max(0, ...tasks), 'ms', BOUNDS.task],
    ['tasks above 50 ms by the clock', tasks.length, ''],
    ['key to paint, p50', percentile(keys, 0.5), 'ms'],
    [`key to paint, p95 of ${keys.length}`, percentile(keys, 0.95), 'ms', BOUNDS.key],
  ]
  const [first, last] = [sizes[Math.min(2, sizes.length - 1)], sizes.at(-1)]
  if (sizes.length > 0) rows.push([`heap after answer 3`, first, 'MiB'], [`heap after answer ${sizes.length}: more by`, last - first, 'MiB', BOUNDS.heap])
  for (const [name, value, unit, bound] of rows) {
    const verdict = bound === undefined ? '' : value <= bound ? `within ${bound}` : `ABOVE ${bound}`
    console.log(`${name.padEnd(44)}${value.toFixed(1).padStart(10)} ${unit.padEnd(4)} ${verdict}`)
  }
}

const data = await mkdtemp(join(tmpdir(), 'omniai-frames-'))
const browser = await chromium.launch({
  executablePath: process.env.PLAYWRIGHT_CHROMIUM,
  args: process.getuid() === 0 ? ['--no-sandbox'] : [], // Chromium refuses its sandbox to root
})
try {
  const { address, call } = await serve(data)
  const conversation = await fill(call)
  const page = await openPage(browser, address, conversation)
  print(await measure(browser, page), await heaps(page, address, call, conversation))
} finally {
  await browser.close()
  await stopAll()
  await rm(data, { recursive: true, force: true })
}
