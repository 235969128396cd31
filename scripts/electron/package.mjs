/**
 * `npm run package`: builds the app, packages it for this platform without needing the network, and
 * starts the result once with --selftest, whose report it prints. `--installers` makes this
 * platform's installers too, `--deb` only Debian's. `--allow-old-electron` ships the fallback where
 * the official Electron can't be had.
 */
import { spawnSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'
import { buildApp } from './build.mjs'
import { buildDeb } from './deb.mjs'
import { ensureElectron, explainMissingLibraries } from './dist.mjs'
import { hasDisplay, startDisplay } from './display.mjs'

// electron-builder's own: what sets the fuses also reads them.
const require = createRequire(import.meta.resolve('app-builder-lib/package.json'))
const { getCurrentFuseWire } = require('@electron/fuses')

const root = fileURLToPath(new URL('../..', import.meta.url))
const release = join(root, 'release')

/**
 * @param {{ installers?: boolean, deb?: boolean, allowsOldElectron?: boolean }} [options]
 * @returns {Promise<string>} the executable
 * @throws {Error} for the fallback Electron, unless it is allowed; when a fuse is not as configured
 */
export async function packageApp({
  installers = false,
  deb = false,
  allowsOldElectron = false,
} = {}) {
  const electron = await ensureElectron()
  if (!electron.isOfficial && !allowsOldElectron)
    throw new Error(
      `Only Electron ${electron.version} can be had here, which gets no security fixes any more: it is not shipped. ` +
        'Package where the official binary can be downloaded, or say --allow-old-electron to try the package yourself.',
    )
  buildApp()
  const scratch = mkdtempSync(join(tmpdir(), 'hiso-package-'))
  try {
    const dist = join(scratch, 'dist')
    cpSync(electron.folder, dist, { recursive: true, verbatimSymlinks: true })
    // The starter of the fallback distribution, and where its carrier looks for updates, are no
    // part of an app.
    if (!electron.isOfficial)
      for (const name of ['app', 'app-update.yml'])
        rmSync(join(dist, 'resources', name), { recursive: true, force: true })
    const config = join(scratch, 'electron-builder.json')
    const settings = configFor(electron, dist)
    if (!electron.isOfficial)
      settings.extraFiles = [...settings.extraFiles, oldElectronNote(scratch, electron)]
    writeFileSync(config, JSON.stringify(settings))
    runBuilder(config, '--dir')
    await checkFuses(packagedExecutable(), settings.electronFuses)
    const app = dirname(packagedExecutable())
    if (process.platform === 'linux' && (installers || deb)) console.log(debOf(app, settings))
    if (installers) runBuilder(config, '--prepackaged', app)
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
  return packagedExecutable()
}

/** @throws {Error} when electron-builder fails; it has said why */
function runBuilder(config, ...options) {
  const cli = join(root, 'node_modules', 'electron-builder', 'cli.js')
  const args = [cli, '--config', config, '--publish', 'never', ...options]
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' })
  if (status !== 0) throw new Error('the app could not be packaged; the reason is above')
}

/** @returns {string} the Debian package of a packaged app */
function debOf(app, config) {
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const icons = join(root, 'resources', 'icons', 'png')
  return buildDeb({ app, icons, config, manifest, to: release })
}

/** electron-builder.yml, for the Electron at hand. */
function configFor({ version, isOfficial }, dist) {
  const config = parse(readFileSync(join(root, 'electron-builder.yml'), 'utf8'))
  // Electron 25 has no such fuse yet, and setting one that is not there is an error.
  if (!isOfficial) delete config.electronFuses.grantFileProtocolExtraPrivileges
  return { ...config, electronDist: dist, electronVersion: version }
}

/** A file in the package that says what it holds. */
function oldElectronNote(folder, { version }) {
  const from = join(folder, 'ELECTRON.txt')
  writeFileSync(
    from,
    `This package holds Electron ${version} (Chrome 114, June 2023), which gets no security fixes any more.\n` +
      'It was made where the current one could not be downloaded, and is for trying only: do not pass it on.\n',
  )
  return { from, to: 'ELECTRON.txt' }
}

/** Names of electron-builder's settings in the order of Electron's fuses. */
const fuseNames = [
  'runAsNode',
  'enableCookieEncryption',
  'enableNodeOptionsEnvironmentVariable',
  'enableNodeCliInspectArguments',
  'enableEmbeddedAsarIntegrityValidation',
  'onlyLoadAppFromAsar',
  'loadBrowserProcessSpecificV8Snapshot',
  'grantFileProtocolExtraPrivileges',
]

/** A fuse in the binary: the digit 0 or 1. */
const blown = { false: '0'.charCodeAt(0), true: '1'.charCodeAt(0) }

/** @throws {Error} when a fuse of a packaged binary is not as configured */
export async function checkFuses(executable, configured) {
  const wire = await getCurrentFuseWire(executable)
  const wrong = fuseNames.filter(
    (name, index) => configured[name] !== undefined && wire[index] !== blown[configured[name]],
  )
  if (wrong.length > 0)
    throw new Error(`fuses of ${executable} are not as configured: ${wrong.join(', ')}`)
}

/** The executable that was packaged for this platform. @throws {Error} when there is none */
export function packagedExecutable() {
  const places = {
    linux: ['linux-unpacked', 'linux-arm64-unpacked'].map((folder) => [folder, 'hiso-studio']),
    win32: ['win-unpacked', 'win-arm64-unpacked'].map((folder) => [folder, 'HiSo Studio.exe']),
    darwin: ['mac', 'mac-arm64'].map((folder) => [
      ...[folder, 'HiSo Studio.app'],
      ...['Contents', 'MacOS', 'HiSo Studio'],
    ]),
  }
  const found = (places[process.platform] ?? [])
    .map((parts) => join(release, ...parts))
    .find((path) => existsSync(path))
  if (found) return found
  const there = existsSync(release) ? readdirSync(release).join(', ') : 'nothing'
  throw new Error(`there is no packaged app in ${release} (${there})`)
}

/**
 * Starts a packaged app once with --selftest.
 * @returns {Promise<object>} its report
 * @throws {Error} when it does not start or its selftest fails
 */
export async function selftest(executable) {
  const lacking = explainMissingLibraries(executable)
  if (lacking) throw new Error(lacking)
  const display = hasDisplay() ? undefined : await startDisplay()
  const settings = mkdtempSync(join(tmpdir(), 'hiso-selftest-'))
  try {
    const asRoot = process.platform === 'linux' && process.getuid?.() === 0 ? ['--no-sandbox'] : []
    const { stdout, stderr, status } = spawnSync(
      executable,
      [...asRoot, '--selftest', `--user-data-dir=${settings}`],
      {
        encoding: 'utf8',
        timeout: 120_000,
        env: { ...process.env, ...(display ? { DISPLAY: display.name } : {}) },
      },
    )
    const line = stdout.split('\n').find((text) => text.startsWith('{'))
    if (line === undefined)
      throw new Error(`the packaged app gave no report (exit ${status}): ${stderr.slice(-2000)}`)
    const report = JSON.parse(line)
    if (!report.ok || status !== 0) throw new Error(`the selftest failed: ${line}`)
    return report
  } finally {
    display?.stop()
    rmSync(settings, { recursive: true, force: true })
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  try {
    const executable = await packageApp({
      installers: process.argv.includes('--installers'),
      deb: process.argv.includes('--deb'),
      allowsOldElectron: process.argv.includes('--allow-old-electron'),
    })
    console.log(executable)
    console.log(JSON.stringify(await selftest(executable), null, 2))
  } catch (error) {
    console.error(error.message)
    process.exitCode = 1
  }
