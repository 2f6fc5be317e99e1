// Takes docs/pictures/chat.png: the real server and page on a throw-away data folder. The model server is played here, with a
// prepared answer, so that the picture is the same whoever takes it.
// Goes the way of a person, by what the page says; knows no route.

import { once } from 'node:events'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

import { BIN, ROOT, start, stopAll } from './programs.mjs'

const PICTURE = join(ROOT, 'docs', 'pictures', 'chat.png')
const MODEL = 'home-model-8b'
const ANSWER = `List every file with its size, sort by size, and keep the first ten:

\`\`\`sh
find . -type f -printf '%s %p\\n' | sort -rn | head
\`\`\`

- **\`find\`** prints the size in bytes and the path of each file.
- **\`sort -rn\`** puts the largest first.

| to see | use |
| --- | --- |
| folders instead of files | \`du -ah . \\| sort -rh \\| head\` |
| only this disk | \`find . -xdev …\` |
`
const QUESTION = 'How do I find the largest files in a folder?'
const { chromium } = createRequire(join(ROOT, 'frontend', 'package.json'))('@playwright/test')

/** A model server with one model and one answer. */
async function playModelServer() {
  const server = createServer((request, response) => {
    if (request.method === 'GET') {
      response.setHeader('Content-Type', 'application/json')
      response.end(JSON.stringify({ object: 'list', data: [{ id: MODEL, object: 'model' }] }))
      return
    }
    response.setHeader('Content-Type', 'text/event-stream')
    for (const content of ANSWER.match(/\S+\s*/g)) {
      response.write(`data: ${JSON.stringify({ choices: [{ delta: { content } }] })}\n\n`)
    }
    response.end('data: {"choices":[{"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  server.unref()
  return `http://127.0.0.1:${server.address().port}`
}

/** Makes the owner's account, asks, and waits for the end of the answer. */
async function chat(page, link) {
  await page.goto(link)
  await page.getByLabel(/user ?name/i).fill('robin')
  for (const password of await page.getByLabel(/password/i).and(page.locator('input')).all()) {
    await password.fill('a picture of the page')
  }
  await page.locator('form button[type=submit]').click()
  const composer = page.getByRole('textbox', { name: 'Your question' })
  await composer.fill(QUESTION)
  await composer.press('Enter')
  await page.getByRole('button', { name: /^stop/i }).waitFor({ state: 'visible', timeout: 5000 }).catch(() => undefined)
  await page.getByRole('button', { name: /^stop/i }).waitFor({ state: 'hidden' })
  await page.getByRole('article', { name: 'Answer' }).locator('table').waitFor()
  await page.waitForTimeout(500) // the highlighter colours the code after it is shown
}

async function takePicture(data) {
  const models = await playModelServer()
  const link = await start(join(BIN, 'omniai'), ['serve'], /http:\S+#\/setup\?token=\S+/, {
    OMNIAI_PORT: '0',
    OMNIAI_DATA_DIR: data,
    OMNIAI_LOG_LEVEL: 'warning',
    OMNIAI_LMSTUDIO_BASE_URL: `${models}/v1`,
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
