/** `npm run hiso -- …`: installs and builds what is missing, then is `hiso`. */
import { buildIfStale } from './build.mjs'
import { install } from './install.mjs'

await install()
await buildIfStale()
await import('../dist/hiso.js')
