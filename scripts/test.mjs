/**
 * `npm test` and `npm run test:long`: installs what is missing, then runs vitest with whatever
 * arguments were given; its set-up builds what the tests need. A path that names a long test runs
 * it from `npm test` too.
 */
import { install } from './install.mjs'
import { runStep } from './steps.mjs'

const args = process.argv.slice(2)
const namesLong = args.some((arg) => arg.includes('.long'))
const projects = args.includes('--project') ? [] : ['--project', namesLong ? 'long' : 'short']

await install()
process.exitCode = runStep('vitest', ['run', ...projects, ...args])
