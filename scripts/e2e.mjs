/**
 * `npm run e2e`: installs and builds what is missing, then tests the real app under Playwright with
 * whatever arguments were given.
 */
import { install } from './install.mjs'
import { runStep } from './steps.mjs'

await install()
const { buildIfStale } = await import('./build.mjs')
const { buildAppIfStale } = await import('./electron/build.mjs')
// Tests play runs with the command line too.
await buildIfStale()
buildAppIfStale()
process.exitCode = runStep('playwright', [
  'test',
  '--config',
  'e2e/playwright.config.ts',
  ...process.argv.slice(2),
])
