/** `npm run hiso -- …`: installs and builds what is missing, then is `hiso`. */
import { buildIfStale } from './build.mjs'
import { install } from './install.mjs'

await install()
// Not on stdout: that is the command's own.
await buildIfStale(console.error)
await import('../dist/hiso.js')
