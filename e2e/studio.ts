/**
 * The fixtures: an app with settings and a library of its own, its dialogs answered by the test,
 * and every error of the page and every violation of its content security policy counted against
 * the test.
 */
import {
  _electron,
  errors,
  test as base,
  expect,
  type ElectronApplication,
  type Page,
} from '@playwright/test'
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { hasDisplay, startDisplay } from '../scripts/electron/display.mjs'
import { repository } from './repository.ts'

export interface Launched {
  readonly app: ElectronApplication
  /** The main process; `app` has lost it once it has ended. */
  readonly process: ChildProcess
  readonly page: Page
  /** What the page has complained about. */
  readonly complaints: readonly string[]
  /** When the test started the process, in milliseconds since the epoch. */
  readonly startedAt: number
}

export interface Studio {
  /** Settings and everything else that the app remembers. */
  readonly userData: string
  /** Where new runs go. */
  readonly library: string
  /** Starts the app; again after it was closed, to see what it remembers. */
  launch(options?: LaunchOptions): Promise<Launched>
  /**
   * Starts the app a second time beside one that is on. @returns its exit code, once it has ended
   * by itself
   */
  launchBeside(options?: LaunchOptions): Promise<number | null>
  /** Takes a picture of the window into test-results/screenshots. */
  screenshot(page: Page, name: string): Promise<void>
}

export interface LaunchOptions {
  /** Files and switches for the command line. */
  readonly args?: readonly string[]
  /**
   * A page without any of the app's views, that only has the engine and the shell in its hands: for
   * tests of these.
   */
  readonly bare?: boolean
  readonly env?: Readonly<Record<string, string>>
}

interface Fixtures {
  /** Complaints that the test expects. */
  readonly expectedComplaints: readonly RegExp[]
  readonly studio: Studio
  /** The app, started. */
  readonly launched: Launched
}

interface WorkerFixtures {
  /**
   * What an app needs in its environment to find a display. Each worker has its own: windows on one
   * take the focus and the clipboard from another.
   */
  readonly display: Readonly<Record<string, string>>
}

export const test = base.extend<Fixtures, WorkerFixtures>({
  display: [
    // eslint-disable-next-line no-empty-pattern -- Playwright reads the names of what is wanted
    async ({}, use) => {
      if (hasDisplay()) return use({})
      const display = await startDisplay()
      await use({ DISPLAY: display.name })
      display.stop()
    },
    { scope: 'worker' },
  ],

  expectedComplaints: [[], { option: true }],

  studio: async ({ expectedComplaints, display }, use) => {
    const folder = await mkdtemp(join(tmpdir(), 'hiso-e2e-'))
    const userData = join(folder, 'settings')
    const library = join(folder, 'runs')
    const all: Launched[] = []
    await use({
      userData,
      library,
      launch: async ({ args = [], bare = false, env = {} } = {}) => {
        const appFolder = bare ? await bareApp(folder) : repository
        const launched = await start(appFolder, [...args, `--library=${library}`], userData, {
          ...display,
          ...env,
        })
        all.push(launched)
        return launched
      },
      launchBeside: async ({ args = [], bare = false, env = {} } = {}) => {
        const appFolder = bare ? join(folder, 'bareApp') : repository
        const own = argumentsOf(appFolder, [...args, `--library=${library}`], userData)
        const second = spawn(executable(), own, {
          cwd: repository,
          env: { ...process.env, ...display, ...env },
          stdio: 'ignore',
        })
        const [code] = (await once(second, 'exit')) as [number | null]
        return code
      },
      screenshot: async (page, name) => {
        await mkdir(join(repository, 'test-results', 'screenshots'), { recursive: true })
        await page.screenshot({
          path: join(repository, 'test-results', 'screenshots', `${name}.png`),
        })
      },
    })
    for (const launched of all) await close(launched)
    await rm(folder, { recursive: true, force: true, maxRetries: 3 })
    const unexpected = all
      .flatMap(({ complaints }) => complaints)
      .filter((text) => !expectedComplaints.some((expected) => expected.test(text)))
    expect(unexpected, 'errors and violations in the page').toEqual([])
  },

  launched: async ({ studio }, use) => use(await studio.launch()),
})

export { expect } from '@playwright/test'

/** Many times what a launch takes. */
const launchTimeoutMs = 30_000
const launchAttempts = 4

async function start(
  appFolder: string,
  args: readonly string[],
  userData: string,
  env: Readonly<Record<string, string>>,
): Promise<Launched> {
  const startedAt = Date.now()
  const launch = () =>
    _electron.launch({
      executablePath: executable(),
      args: argumentsOf(appFolder, args, userData),
      cwd: repository,
      env: { ...(process.env as Record<string, string>), ...env },
      // Playwright would have it light whatever the app says.
      colorScheme: null,
      timeout: launchTimeoutMs,
    })
  // Once in some hundred launches on a busy machine Playwright and an old Electron wait for each
  // other: both connected, neither ready. Twice in a row has been seen.
  let app: ElectronApplication | undefined
  for (let attempt = 1; app === undefined; attempt++)
    app = await launch().catch((thrown: unknown) => {
      if (thrown instanceof errors.TimeoutError && attempt < launchAttempts) return undefined
      throw thrown
    })
  const child = app.process()
  const complaints: string[] = []
  app.context().on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text())
  })
  app.context().on('weberror', (error) => complaints.push(error.error().message))
  const page = await app.firstWindow()
  page.on('crash', () => complaints.push('the page has crashed'))
  await page.waitForLoadState('domcontentloaded')
  // By the clock: a window that is not shown yet may draw no frame.
  await page.waitForFunction(() => document.querySelector('.opening') === null, undefined, {
    polling: 50,
  })
  return { app, process: child, page, complaints, startedAt }
}

const executable = (): string => process.env['HISO_E2E_ELECTRON'] ?? ''

const argumentsOf = (appFolder: string, args: readonly string[], userData: string): string[] => [
  ...sandboxArgs(),
  appFolder,
  `--user-data-dir=${userData}`,
  ...args,
]

/** Chromium refuses to run as root inside its sandbox: containers, CI. Never anywhere else. */
function sandboxArgs(): string[] {
  return process.platform === 'linux' && process.getuid?.() === 0 ? ['--no-sandbox'] : []
}

/** The built app with another page: main finds everything from the app's folder. */
async function bareApp(folder: string): Promise<string> {
  const app = join(folder, 'bareApp')
  await rm(app, { recursive: true, force: true })
  await mkdir(join(app, 'out'), { recursive: true })
  for (const part of ['main', 'preload', 'threads'])
    await symlink(join(repository, 'out', part), join(app, 'out', part))
  await symlink(join(repository, 'e2e', 'bareRenderer'), join(app, 'out', 'renderer'))
  await symlink(join(repository, 'resources'), join(app, 'resources'))
  const manifest = { name: 'hiso-studio', version: '0.1.0', main: 'out/main/index.cjs' }
  await writeFile(join(app, 'package.json'), JSON.stringify(manifest))
  return app
}

/** Ends an app whether or not it would ask first. */
async function close({ app, process: child }: Launched): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  await answerMessageBoxes(app, 0).catch(() => {})
  const patience = new Promise<void>((resolve) => setTimeout(resolve, 10_000))
  await Promise.race([app.close().catch(() => {}), patience])
  if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL')
  await exited
}

/** From now on, questions are answered with the button of this index. @see questionsAsked */
export async function answerMessageBoxes(app: ElectronApplication, button: number): Promise<void> {
  await app.evaluate(({ dialog }, response) => {
    const asked: string[] = ((globalThis as Record<string, unknown>)['asked'] as string[]) ?? []
    Object.assign(globalThis, { asked })
    const answer = (...args: unknown[]) => {
      asked.push((args.at(-1) as { message: string }).message)
      return Promise.resolve({ response, checkboxChecked: false })
    }
    Object.assign(dialog, { showMessageBox: answer })
  }, button)
}

export async function questionsAsked(app: ElectronApplication): Promise<readonly string[]> {
  return app.evaluate(() => ((globalThis as Record<string, unknown>)['asked'] as string[]) ?? [])
}

/**
 * From now on, the user chooses these in dialogs, one after another, and the last in all that
 * follow; undefined cancels.
 */
export async function chooseInDialogs(
  app: ElectronApplication,
  ...paths: readonly (string | undefined)[]
): Promise<void> {
  await app.evaluate(({ dialog }, chosen) => {
    const left = [...chosen]
    const next = () => (left.length > 1 ? left.shift() : left[0])
    Object.assign(dialog, {
      showOpenDialog: () => {
        const path = next()
        return Promise.resolve({
          canceled: path === undefined,
          filePaths: path === undefined ? [] : [path],
        })
      },
      showSaveDialog: () => {
        const path = next()
        return Promise.resolve({ canceled: path === undefined, filePath: path })
      },
    })
  }, paths)
}

/** Chooses an item of the menu by its id. */
export async function chooseInMenu(app: ElectronApplication, id: string): Promise<void> {
  await app.evaluate(({ Menu }, item) => {
    Menu.getApplicationMenu()?.getMenuItemById(item)?.click()
  }, id)
}
