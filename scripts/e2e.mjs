/**
 * `npm run e2e`: installs and builds what is missing, then tests the real app under Playwright with
 * whatever arguments were given: first what may be played side by side, then what measures time.
 */
import { install } from './install.mjs'
import { runStep } from './steps.mjs'

await install()
const { buildIfStale } = await import('./build.mjs')
const { buildAppIfStale } = await import('./electron/build.mjs')
// Tests play runs with the command line too.
await buildIfStale()
buildAppIfStale()
const asked = process.argv.slice(2)
const play = (...args) => runStep('playwright', ['test', ...args])
if (asked.includes('--config')) process.exitCode = play(...asked)
else {
  const own = ['--config', 'e2e/playwright.config.ts', '--pass-with-no-tests', ...asked]
  const ended = [play('--project', 'together', ...own), play('--project', 'alone', ...own)]
  process.exitCode = ended.find((code) => code !== 0) ?? 0
}
