/**
 * End-to-end tests in the real Electron app, as `npm run e2e` has built it. One at a time: each
 * starts an app of its own.
 */
import { defineConfig } from '@playwright/test'

export default defineConfig({
  testDir: '.',
  testMatch: '**/*.spec.ts',
  outputDir: '../test-results/artifacts',
  globalSetup: './prepare.ts',
  workers: 1,
  // Nothing waits so long where the machine is calm; where it is not, the tests are to judge the
  // app and not the load.
  timeout: 180_000,
  expect: { timeout: 30_000 },
  forbidOnly: process.env['CI'] !== undefined,
  reporter: [['list']],
})
