/**
 * `npm start`: installs and builds what is missing, then opens the app; where no window can be
 * shown it plays the quickstart in the terminal.
 */
import { buildIfStale } from './build.mjs'
import { install } from './install.mjs'

await install()
const { openApp, whyNoWindow } = await import('./electron/launch.mjs')
const obstacle = whyNoWindow() ?? (await open())
if (obstacle !== undefined) {
  console.log(obstacle)
  await buildIfStale(console.log)
  process.argv.splice(2, 0, 'quickstart')
  await import('../dist/hiso.js')
}

/** Opens the app until it is closed. @returns why it can't be, if it can't */
async function open() {
  try {
    process.exitCode = await openApp(process.argv.slice(2))
    return undefined
  } catch (error) {
    return error.message
  }
}
