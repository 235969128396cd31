/**
 * `npm run pictures`: takes the pictures of README and docs anew, in the real app as it is built
 * for people.
 */
import { defineConfig } from '@playwright/test'

export default defineConfig({
  testDir: '.',
  testMatch: '**/*.pictures.ts',
  outputDir: '../../test-results/pictures',
  globalSetup: '../prepare.ts',
  workers: 1,
  timeout: 600_000,
  expect: { timeout: 60_000 },
  reporter: [['list']],
})
