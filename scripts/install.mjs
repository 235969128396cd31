/**
 * Makes sure that there is a fitting Node and that node_modules holds what package-lock.json says;
 * `npm ci` runs only when something is missing. Uses nothing but Node itself, as it runs before
 * anything is installed. Run: node scripts/install.mjs
 */
import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { clearInterval, setInterval } from 'node:timers'
import { root } from './root.mjs'

/** The oldest Node that the dependencies work with. */
const oldestNode = [20, 19]

/** Leaves with a message when this Node is too old. */
function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1])) return
  console.error(
    `HiSo Studio needs Node ${oldestNode.join('.')} or newer; this is ${process.versions.node}. Get it from https://nodejs.org.`,
  )
  process.exit(1)
}

/** Installs what is missing; leaves with npm's exit code when that fails. */
export async function install() {
  checkNode()
  const wanted = packagesOf(join(root, 'package-lock.json'))
  if (isInstalled(wanted)) return
  const total = Object.values(wanted).filter(({ optional }) => optional !== true).length
  console.log(`Installing ${total} packages from the npm registry into node_modules (once)…`)
  const started = Date.now()
  const seconds = () => Math.round((Date.now() - started) / 1000)
  const heartbeat = setInterval(
    () => console.log(`  ${seconds()} s: ${countInstalled(wanted)} of ${total} packages unpacked`),
    process.env.CI ? 20_000 : 5_000,
  )
  const code = await npmCi()
  clearInterval(heartbeat)
  if (code !== 0) {
    console.error(`npm ci failed (exit code ${code}); its message is above.`)
    process.exit(code)
  }
  console.log(`Installed in ${seconds()} s.\n`)
}

/**
 * Whether every package is there in the version that the lock names; npm writes its own record only
 * when all of it is unpacked.
 */
function isInstalled(wanted) {
  const record = join(root, 'node_modules', '.package-lock.json')
  if (!existsSync(record)) return false
  const present = packagesOf(record)
  return Object.entries(wanted).every(([path, { version, optional }]) =>
    present[path] === undefined ? optional === true : present[path].version === version,
  )
}

/** The packages of a lock file by path, without the root. */
function packagesOf(file) {
  const { '': _root, ...packages } = JSON.parse(readFileSync(file, 'utf8')).packages
  return packages
}

function npmCi() {
  // The npm that runs this script, if there is one: its path is a script for Node on every
  // platform.
  const npm = process.env.npm_execpath
  const flags = ['ci', '--no-audit', '--no-fund', '--no-progress', '--loglevel=error']
  const [command, args] = npm?.endsWith('.js')
    ? [process.execPath, [npm, ...flags]]
    : [process.platform === 'win32' ? 'npm.cmd' : 'npm', flags]
  const child = spawn(command, args, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: command.endsWith('.cmd'),
  })
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('exit', (code) => resolve(code ?? 1))
  })
}

/** How many of the packages are unpacked by now: npm makes all their folders first. */
function countInstalled(wanted) {
  const needed = Object.entries(wanted).filter(([, { optional }]) => optional !== true)
  return needed.filter(([path]) => existsSync(join(root, path, 'package.json'))).length
}

if (process.argv[1] === import.meta.filename) await install()
