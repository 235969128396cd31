/**
 * `npm run bench:window [-- NAME]`: figures of the window, taken in the real app as it is built for
 * people. They print Markdown rows.
 */
import { defineConfig } from '@playwright/test'

export default defineConfig({
  testDir: '.',
  testMatch: '**/*.bench.ts',
  outputDir: '../../test-results/bench',
  globalSetup: '../prepare.ts',
  workers: 1,
  timeout: 900_000,
  expect: { timeout: 60_000 },
  reporter: [['list']],
})
