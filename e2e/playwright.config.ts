/**
 * End-to-end tests in the real Electron app, as `npm run e2e` has built it. Each starts an app of
 * its own, two at a time where they do not share a screen. What measures time is played apart from
 * the others, by a call of its own.
 */
import { defineConfig } from '@playwright/test'
import { hasDisplay } from '../scripts/electron/display.mjs'

export default defineConfig({
  testDir: '.',
  testMatch: '**/*.spec.ts',
  outputDir: '../test-results/artifacts',
  globalSetup: './prepare.ts',
  workers: hasDisplay() ? 1 : 2,
  projects: [
    { name: 'together', grepInvert: /@alone/ },
    { name: 'alone', grep: /@alone/ },
  ],
  // Nothing waits so long where the machine is calm; where it is not, the tests are to judge the
  // app and not the load.
  timeout: 180_000,
  expect: { timeout: 30_000 },
  forbidOnly: process.env['CI'] !== undefined,
  reporter: [['list']],
})
