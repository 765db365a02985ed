import { defineConfig } from 'playwright/test'
import { findChromium } from './lib/cli/tasks/tools'

const chromium = findChromium()
if (!chromium) throw new Error('No Chromium was found. Run: make test, or install the package "chromium".')

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--disable-dev-shm-usage',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

const EVERYWHERE = 'golden/**/*.spec.ts'

// One production server and one identity provider per project; SQLite carries the wide suites, the golden journey runs on all three.
export default defineConfig({
  testDir: 'e2e',
  testMatch: '**/*.spec.ts',
  outputDir: '.cache/e2e/results',
  globalSetup: './e2e/fixtures/global-setup.ts',
  workers: 2,
  fullyParallel: false,
  forbidOnly: true,
  retries: Number(process.env['CLASPER_TEST_RETRIES'] ?? 0),
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: [['list'], ['json', { outputFile: '.cache/test/playwright.json' }]],
  use: {
    browserName: 'chromium',
    launchOptions: { executablePath: chromium, args: FLAGS },
    colorScheme: 'light',
    locale: 'en-GB',
    timezoneId: 'UTC',
    screenshot: 'only-on-failure',
    trace: 'retain-on-failure',
  },
  projects: [
    { name: 'sqlite' },
    { name: 'postgresql', testMatch: EVERYWHERE },
    { name: 'two-instances', testMatch: EVERYWHERE },
  ],
})
