/** What main does when the renderer asks: one function for each request of the contract. */
import { app, BrowserWindow, clipboard, nativeTheme, shell, type WebContents } from 'electron'
import { browserAge } from './browserAge.ts'
import type { ShellDescription, Theme } from '../ipc/contract.ts'
import type { ShellHandlers } from '../ipc/mainSide.ts'
import type { MenuCommand } from '../ipc/menuCommand.ts'
import type { EngineProcess } from './engineProcess.ts'
import type { UserFiles } from './files.ts'
import { openPage } from './lockdown.ts'
import { readPresets } from './presets.ts'
import type { Settings } from './settings.ts'

export interface RequestContext {
  readonly settings: Settings
  readonly files: UserFiles
  readonly engine: EngineProcess
  readonly startedAt: number
  /** Where new runs go. */
  library(): string
  setTheme(theme: Theme): void
  present(isPresenting: boolean): void
  enable(commands: Partial<Record<MenuCommand, boolean>>): void
  onReady(page: WebContents): void
}

export function requestHandlers(context: RequestContext): ShellHandlers {
  const { settings, files, engine } = context
  let interactiveMs: number | undefined
  return {
    describe: () => ({
      version: app.getVersion(),
      electron: process.versions.electron,
      chrome: process.versions.chrome,
      browserAge: browserAge(process.versions.chrome, new Date()),
      platform: process.platform as ShellDescription['platform'],
      library: context.library(),
      theme: settings.data.theme,
      isDark: nativeTheme.shouldUseDarkColors,
      isPackaged: app.isPackaged,
      startedAt: context.startedAt,
      interactiveMs,
    }),
    ready: (page) => {
      interactiveMs ??= Date.now() - context.startedAt
      context.onReady(page)
    },
    connectEngine: (page) => {
      engine.connect(page)
      return engine.state
    },
    restartEngine: () => engine.restart(),

    readPresets,

    chooseToOpen: (page, kind) => files.chooseToOpen(windowOf(page), kind),
    listRecent: () => files.recent,
    rememberRecent: (_page, file) => files.rememberRecent(file),
    clearRecent: () => files.clearRecent(),
    saveAs: (page, kind, name, content) => files.saveAs(windowOf(page), kind, name, content),
    saveAgain: (_page, path, content) => files.saveAgain(path, content),

    showInFolder: (_page, path) => shell.showItemInFolder(path),
    trash: (_page, paths) => files.trash(paths),
    // A promise in newer Electron, nothing in older.
    copyText: async (_page, text) => clipboard.writeText(text),
    openPage: (_page, address) => openPage(address),

    setTheme: (_page, theme) => context.setTheme(theme),
    present: (_page, isPresenting) => context.present(isPresenting),
    enableCommands: (_page, enabled) => context.enable(enabled),
  }
}

function windowOf(page: WebContents): BrowserWindow {
  const window = BrowserWindow.fromWebContents(page)
  if (window === null) throw new Error('the window is gone')
  return window
}
