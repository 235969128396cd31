/**
 * `npm run package`: builds the app, packages it for this platform without needing the network, and
 * starts the result once with --selftest, whose report it prints. `--installers` makes this
 * platform's installers instead of a folder.
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
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'
import { buildApp } from './build.mjs'
import { ensureElectron, explainMissingLibraries } from './dist.mjs'
import { hasDisplay, startDisplay } from './display.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url))
const release = join(root, 'release')

/**
 * @param {{ installers?: boolean }} [options]
 * @returns {Promise<string>} the executable
 */
export async function packageApp({ installers = false } = {}) {
  buildApp()
  const electron = await ensureElectron()
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
    writeFileSync(config, JSON.stringify(configFor(electron, dist)))
    const cli = join(root, 'node_modules', 'electron-builder', 'cli.js')
    const args = [cli, '--config', config, '--publish', 'never', ...(installers ? [] : ['--dir'])]
    const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' })
    if (status !== 0) throw new Error('the app could not be packaged; the reason is above')
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
  return packagedExecutable()
}

/** electron-builder.yml, for the Electron at hand. */
function configFor({ version, isOfficial }, dist) {
  const config = parse(readFileSync(join(root, 'electron-builder.yml'), 'utf8'))
  // Electron 25 has no such fuse yet, and setting one that is not there is an error.
  if (!isOfficial) delete config.electronFuses.grantFileProtocolExtraPrivileges
  return { ...config, electronDist: dist, electronVersion: version }
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
    const executable = await packageApp({ installers: process.argv.includes('--installers') })
    console.log(executable)
    console.log(JSON.stringify(await selftest(executable), null, 2))
  } catch (error) {
    console.error(error.message)
    process.exitCode = 1
  }
