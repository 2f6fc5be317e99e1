// How the browser tests find their browser. Knows nothing of what they examine.
import { existsSync } from 'node:fs';

import { defineConfig } from '@playwright/test';

const PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

const named = process.env['PLAYWRIGHT_CHROMIUM'];
const executablePath = named ?? PLACES.find((place) => existsSync(place));
// Chromium refuses to start its sandbox as root.
const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];

export default defineConfig({
  testDir: './e2e',
  forbidOnly: process.env['CI'] !== undefined,
  workers: 1,
  // Nets for a test that hangs, wide enough for a machine that has other work: none of them is a claim.
  timeout: 120_000,
  expect: { timeout: 15_000 },
  reporter: 'list',
  use: {
    launchOptions: { args, ...(executablePath === undefined ? {} : { executablePath }) },
    trace: 'retain-on-failure',
    // It would answer in the place of the routes that tests lay. Those of the kept page let it in.
    serviceWorkers: 'block',
  },
});
