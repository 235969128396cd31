/** Before `npm run pack` makes the package: builds what it holds. */
import { buildIfStale } from './build.mjs'
import { install } from './install.mjs'
import { writeTypes } from './types.mjs'

await install()
await buildIfStale()
process.exitCode = writeTypes()
