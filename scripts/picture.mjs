// Takes docs/pictures/chat.png: the real server and page on a throw-away data folder, the double of LM Studio as the model.
// Goes the way of a person, by what the page says; knows no route.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)))
const BACKEND = join(ROOT, 'backend')
const BIN = join(BACKEND, '.venv', 'bin')
const PICTURE = join(ROOT, 'docs', 'pictures', 'chat.png')
const QUESTION = 'How do I find the largest files in a folder?'
const { chromium } = createRequire(join(ROOT, 'frontend', 'package.json'))('@playwright/test')

const running = []

/** Starts a program and gives the first piece of its output that matches. */
async function start(command, args, pattern, env = {}) {
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith('OMNIAI_'))
  const program = spawn(command, args, {
    cwd: BACKEND,
    env: { ...Object.fromEntries(own), ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  running.push(program)
  for await (const line of createInterface({ input: program.stdout })) {
    const found = pattern.exec(line)
    if (found) return found[0]
  }
  throw new Error(`${command} ${args.join(' ')} did not start`)
}

async function stopAll() {
  for (const program of running.reverse()) {
    if (program.exitCode !== null) continue
    program.kill('SIGTERM')
    await once(program, 'exit')
  }
}

/** Makes the owner's account, asks, and waits for the end of the answer. */
async function chat(page, link) {
  await page.goto(link)
  await page.getByLabel(/user ?name/i).fill('robin')
  for (const password of await page.getByLabel(/password/i).and(page.locator('input')).all()) {
    await password.fill('a picture of the page')
  }
  await page.locator('form button[type=submit]').click()
  const composer = page.getByRole('textbox', { name: /message|ask/i })
  await composer.fill(QUESTION)
  await composer.press('Enter')
  await page.getByRole('button', { name: /^stop/i }).waitFor({ state: 'visible', timeout: 5000 }).catch(() => undefined)
  await page.getByRole('button', { name: /^stop/i }).waitFor({ state: 'hidden' })
  await page.getByRole('main').locator('pre').first().waitFor()
}

async function takePicture(data) {
  const double = await start(join(BIN, 'python'), ['-m', 'tests.peers.lmstudio', '--port', '0'], /http:\/\/127\.0\.0\.1:\d+/)
  const link = await start(join(BIN, 'omniai'), ['serve'], /http:\S+#\/setup\?token=\S+/, {
    OMNIAI_PORT: '0',
    OMNIAI_DATA_DIR: data,
    OMNIAI_LOG_LEVEL: 'warning',
    OMNIAI_LMSTUDIO_BASE_URL: `${double}/v1`,
  })
  const browser = await chromium.launch({
    executablePath: process.env.PLAYWRIGHT_CHROMIUM,
    args: process.getuid() === 0 ? ['--no-sandbox'] : [], // Chromium refuses its sandbox to root
  })
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, colorScheme: 'light', reducedMotion: 'reduce' })
    await chat(page, link)
    await mkdir(dirname(PICTURE), { recursive: true })
    await page.screenshot({ path: PICTURE })
  } finally {
    await browser.close()
  }
}

const data = await mkdtemp(join(tmpdir(), 'omniai-picture-'))
try {
  await takePicture(data)
  console.log('OmniAI: docs/pictures/chat.png is taken.')
} finally {
  await stopAll()
  await rm(data, { recursive: true })
}
