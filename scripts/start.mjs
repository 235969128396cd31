/** `npm start`: installs and builds what is missing, then plays the quickstart in this terminal. */
import { buildIfStale } from './build.mjs'
import { install } from './install.mjs'

await install()
await buildIfStale()
process.argv.splice(2, 0, 'quickstart')
await import('../dist/hiso.js')
