/**
 * `npm test`: installs what is missing, then runs vitest with whatever arguments were given; its
 * set-up builds what the tests need.
 */
import { install } from './install.mjs'
import { runStep } from './steps.mjs'

await install()
process.exitCode = runStep('vitest', ['run', ...process.argv.slice(2)])
