/**
 * The main process: puts window, menus, files and the engine's process together. The engine itself
 * is never here.
 */
import { performance } from 'node:perf_hooks'
import { app, dialog, nativeTheme, type BrowserWindow, type WebContents } from 'electron'
import type { ShellEvent, ShellEventName, Theme } from '../ipc/contract.ts'
import { browserAge } from './browserAge.ts'
import { handleRequests, sendEvent } from '../ipc/mainSide.ts'
import type { MenuCommand } from '../ipc/menuCommand.ts'
import { appPage, lockNetwork, registerAppScheme, serveApp } from './appProtocol.ts'
import { askBeforeClosing } from './closing.ts'
import { isLink, readCommandLine } from './commandLine.ts'
import { EngineProcess } from './engineProcess.ts'
import { UserFiles } from './files.ts'
import { lockDown, lockSession } from './lockdown.ts'
import { enableCommands, installMenu, type MenuActions } from './menu.ts'
import { places } from './places.ts'
import { presentIn, type Presenting } from './presenting.ts'
import { requestHandlers } from './requests.ts'
import { selftest } from './selftest.ts'
import { Settings } from './settings.ts'
import { settingsFolderProblem } from './settingsFolder.ts'
import { backgroundColor, createWindow, setZoom, zoomOf } from './window.ts'

/** `process.getCreationTime` is off by up to a second on Linux. */
const startedAt = Math.round(performance.timeOrigin)
/** electron-vite's dev server; a package never has one. */
const devServer = app.isPackaged ? undefined : process.env.ELECTRON_RENDERER_URL
const isOurs = (address: string) =>
  devServer === undefined
    ? address.split(/[?#]/)[0] === appPage
    : new URL(address).origin === new URL(devServer).origin
const readArguments = (argv: readonly string[], from: string) =>
  readCommandLine(argv.slice(1), from, app.getAppPath())
const commandLine = readArguments(process.argv, process.cwd())

// It would take the switch away from the processes that Electron starts, and as root (tests in a
// container) none could start then.
if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox()
// Before any page: for WebRTC, too, there is no way but the proxy that leads nowhere.
app.commandLine.appendSwitch('force-webrtc-ip-handling-policy', 'disable_non_proxied_udp')
registerAppScheme()
lockDown(isOurs)

const problem = settingsFolderProblem(app.getPath('userData'))
if (problem !== undefined) {
  // Before the app is ready Linux gets it on stderr, the others in a box.
  dialog.showErrorBox('HiSo Studio can’t start', problem)
  app.exit(1)
} else if (commandLine.isSelftest || app.requestSingleInstanceLock())
  void app.whenReady().then(start)
else app.quit()

/** Files to open from before there was a window, macOS's way. */
const early: string[] = []
let openPath = (path: string): void => void early.push(path)
app.on('open-file', (event, path) => {
  event.preventDefault()
  openPath(path)
})

/** Links, likewise. Windows and Linux name them on the command line. */
const earlyLinks: string[] = []
let openLink = (link: string): void => void earlyLinks.push(link)
app.on('open-url', (event, link) => {
  event.preventDefault()
  if (isLink(link)) openLink(link)
})
// The installers register it too; a portable one is asked for here. A checkout leaves the system
// alone.
if (app.isPackaged) app.setAsDefaultProtocolClient('hiso')

async function start(): Promise<void> {
  const settings = new Settings(places.settings())
  nativeTheme.themeSource = settings.data.theme
  serveApp(places.renderer())
  lockSession(devServer !== undefined)
  lockNetwork(devServer)

  let window: BrowserWindow | undefined
  const stage: { presenting?: Presenting } = {}
  let isPageReady = false
  /** Events for a page that is not there yet. */
  const waiting: (() => void)[] = []
  const tell = <Name extends ShellEventName>(name: Name, event: ShellEvent<Name>) => {
    const send = () => {
      if (window !== undefined) sendEvent(window.webContents, name, event)
    }
    if (isPageReady) send()
    else waiting.push(send)
  }

  const library = () => commandLine.library ?? places.library()
  const files = new UserFiles(settings, library, {
    recentChanged(recent) {
      tell('recentChanged', [...recent])
      refreshMenu()
    },
    allowedChanged: () => engine.allow(),
  })
  const engine = new EngineProcess({
    script: places.engineProcess(),
    readerScript: places.readerProcess(),
    allowed: () => files.allowed,
    settings: {
      resources: places.resources(),
      engineScript: places.engineThread(),
      workerScript: places.workerThread(),
      viewsScript: places.viewsThread(),
      readerScript: places.readerThread(),
      version: app.getVersion(),
    },
    onStateChanged: (state) => tell('engineStateChanged', state),
    onRunsChanged: (runs) => {
      const [run] = runs
      const progress = run === undefined ? -1 : runs.length > 1 ? 2 : run.rounds / run.plannedRounds
      if (window?.isDestroyed() === false) window.setProgressBar(progress)
    },
  })
  const open = async (path: string) => tell('fileOpened', { path: await files.openChosen(path) })
  const setTheme = (theme: Theme) => {
    settings.change({ theme })
    nativeTheme.themeSource = theme
    refreshMenu()
    tellTheme()
  }
  const tellTheme = () => {
    window?.setBackgroundColor(backgroundColor())
    tell('themeChanged', { theme: settings.data.theme, isDark: nativeTheme.shouldUseDarkColors })
  }
  const enabled: Partial<Record<MenuCommand, boolean>> = {}
  const actions: MenuActions = {
    choose: (command) => tell('menuCommandChosen', { command }),
    openRecent: ({ path }) => void open(path),
    clearRecent: () => files.clearRecent(),
    setTheme,
    zoom: (change) => {
      const levels = { in: zoomOf(settings) + 0.5, out: zoomOf(settings) - 0.5, reset: 0 }
      if (window !== undefined) setZoom(window, settings, levels[change])
    },
  }
  const refreshMenu = () =>
    installMenu(actions, { theme: settings.data.theme, recent: settings.data.recent, enabled })

  handleRequests(
    requestHandlers({
      settings,
      files,
      engine,
      startedAt,
      library,
      setTheme,
      present: (isPresenting) => stage.presenting?.set(isPresenting),
      enable: (commands) => {
        Object.assign(enabled, commands)
        enableCommands(commands)
      },
      onReady: (page: WebContents) => {
        if (page !== window?.webContents) return
        isPageReady = true
        for (const send of waiting.splice(0)) send()
      },
    }),
    isOurs,
  )
  nativeTheme.on('updated', tellTheme)
  // Not before: a window that closes notes where it was.
  app.on('will-quit', () => settings.flush())
  const age = browserAge(process.versions.chrome, new Date())
  app.setAboutPanelOptions({
    applicationName: 'HiSo Studio',
    // Which browser runs the window: an old one gets no security fixes.
    applicationVersion: `${app.getVersion()} (Electron ${process.versions.electron}, Chrome ${process.versions.chrome}${age === undefined ? '' : ` ${age}`})`,
    copyright: 'MIT licence',
    website: 'https://arxiv.org/abs/2506.02370',
    iconPath: places.icon(),
  })
  refreshMenu()

  window = createWindow(settings, devServer)
  if (commandLine.isSelftest) {
    const ready = new Promise<void>((resolve) => waiting.push(resolve))
    app.exit(await selftest(window, ready, engine, startedAt))
    return
  }

  const shown = window
  stage.presenting = presentIn(
    shown,
    () => shown.webContents.setZoomLevel(zoomOf(settings)),
    (isPresenting) => tell('presentationChanged', { isPresenting }),
  )
  shown.once('ready-to-show', () => shown.show())
  // A reload, or a page that crashed and is loaded again, starts from nothing.
  shown.webContents.on('did-start-loading', () => (isPageReady = false))
  askBeforeClosing(shown, engine)
  shown.on('closed', () => (window = undefined))
  app.on('second-instance', (_event, argv, from) => {
    if (shown.isMinimized()) shown.restore()
    shown.focus()
    const { paths, links } = readArguments(argv, from)
    for (const path of paths) void open(path)
    for (const link of links) openLink(link)
  })
  app.on('window-all-closed', () => app.quit())

  openPath = (path) => void open(path)
  openLink = (link) => tell('linkOpened', { link })
  for (const path of [...commandLine.paths, ...early.splice(0)]) openPath(path)
  for (const link of [...commandLine.links, ...earlyLinks.splice(0)]) openLink(link)
}
