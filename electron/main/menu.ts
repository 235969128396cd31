/**
 * The menus, by each platform's convention. Items that concern runs are commands for the renderer;
 * the window's own are done here.
 */
import { app, Menu, shell, type MenuItemConstructorOptions } from 'electron'
import type { RecentFile, Theme } from '../ipc/contract.ts'
import type { MenuCommand } from '../ipc/menuCommand.ts'

export interface MenuActions {
  choose(command: MenuCommand): void
  openRecent(file: RecentFile): void
  clearRecent(): void
  setTheme(theme: Theme): void
  zoom(change: 'in' | 'out' | 'reset'): void
}

export interface MenuState {
  readonly theme: Theme
  readonly recent: readonly RecentFile[]
  /** Commands that can't be chosen now are false. */
  readonly enabled: Partial<Record<MenuCommand, boolean>>
}

type Item = MenuItemConstructorOptions
type MakeCommand = (id: MenuCommand, label: string, accelerator?: string) => Item
const separator: Item = { type: 'separator' }
const isMac = process.platform === 'darwin'

export function installMenu(actions: MenuActions, state: MenuState): void {
  Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(actions, state)))
}

/** Greys out what can't be done now. */
export function enableCommands(enabled: MenuState['enabled']): void {
  const menu = Menu.getApplicationMenu()
  for (const [command, isEnabled] of Object.entries(enabled)) {
    const item = menu?.getMenuItemById(command)
    if (item) item.enabled = isEnabled
  }
}

function menuTemplate(actions: MenuActions, state: MenuState): Item[] {
  const command: MakeCommand = (id, label, accelerator) => ({
    id,
    label,
    enabled: state.enabled[id] ?? true,
    click: () => actions.choose(id),
    // The renderer hears the keys itself, wherever the menu does not take them first: on macOS
    // alone it does.
    ...(accelerator === undefined ? {} : { accelerator, registerAccelerator: isMac }),
  })
  return [
    ...(isMac ? [appMenu(command)] : []),
    fileMenu(actions, state, command),
    editMenu(command),
    runMenu(command),
    viewMenu(actions, state, command),
    ...(isMac ? [{ role: 'windowMenu' } as Item] : []),
    helpMenu(command),
  ]
}

function appMenu(command: MakeCommand): Item {
  return {
    label: app.name,
    submenu: [
      { role: 'about' },
      separator,
      command('showSettings', 'Settings…', 'Cmd+,'),
      separator,
      { role: 'services' },
      separator,
      { role: 'hide' },
      { role: 'hideOthers' },
      { role: 'unhide' },
      separator,
      { role: 'quit' },
    ],
  }
}

function fileMenu(actions: MenuActions, { recent }: MenuState, command: MakeCommand): Item {
  const recentItems: Item[] = recent.map((file) => ({
    label: file.path,
    click: () => actions.openRecent(file),
  }))
  const clear: Item = { label: 'Clear list', click: () => actions.clearRecent() }
  const isEmpty = recent.length === 0
  return {
    label: '&File',
    submenu: [
      command('newRun', 'New run from a preset…', 'CmdOrCtrl+N'),
      separator,
      command('openConfig', 'Open configuration…', 'CmdOrCtrl+O'),
      command('openRunFolder', 'Open run folder…', 'CmdOrCtrl+Shift+O'),
      command('openRunFile', 'Open run file…'),
      command('downloadFromHub', 'Download from the hub…', 'CmdOrCtrl+D'),
      {
        id: 'recent',
        label: 'Open recent',
        submenu: isEmpty
          ? [{ label: 'Nothing yet', enabled: false }]
          : [...recentItems, separator, clear],
      },
      separator,
      command('saveConfig', 'Save configuration', 'CmdOrCtrl+S'),
      command('saveConfigAs', 'Save configuration as…', 'CmdOrCtrl+Shift+S'),
      separator,
      command('exportRun', 'Export…', 'CmdOrCtrl+E'),
      command('copyLink', 'Copy link', 'CmdOrCtrl+Shift+L'),
      separator,
      ...(isMac ? [] : [command('showSettings', 'Settings…', 'Ctrl+,'), separator]),
      // On Windows it is called Exit, and has no keys but the window's own.
      isMac ? { role: 'close' } : { role: 'quit' },
    ],
  }
}

/** Undo and redo go to the renderer, which knows whether a text field or the form is meant. */
function editMenu(command: MakeCommand): Item {
  return {
    label: '&Edit',
    submenu: [
      command('undo', 'Undo', 'CmdOrCtrl+Z'),
      command('redo', 'Redo', process.platform === 'win32' ? 'Ctrl+Y' : 'CmdOrCtrl+Shift+Z'),
      separator,
      { role: 'cut' },
      { role: 'copy' },
      { role: 'paste' },
      { role: 'selectAll', label: 'Select all' },
    ],
  }
}

function runMenu(command: MakeCommand): Item {
  return {
    label: '&Run',
    submenu: [
      command('startRun', 'Run this configuration', isMac ? 'Cmd+R' : 'F5'),
      command('pauseRun', 'Pause or continue', isMac ? 'Cmd+P' : 'F6'),
      command('stepRun', 'Step one round', isMac ? 'Cmd+Shift+P' : 'F10'),
      command('stopRun', 'Stop the run', isMac ? 'Cmd+.' : 'Shift+F5'),
    ],
  }
}

function viewMenu(actions: MenuActions, { theme }: MenuState, command: MakeCommand): Item {
  const zoom = (
    change: 'in' | 'out' | 'reset',
    label: string,
    accelerator: string,
    hidden = false,
  ): Item => ({
    label,
    accelerator,
    click: () => actions.zoom(change),
    ...(hidden ? { visible: false, acceleratorWorksWhenHidden: true } : { id: `zoom.${change}` }),
  })
  const appearance = (value: Theme, label: string): Item => ({
    id: `theme.${value}`,
    label,
    type: 'radio',
    checked: value === theme,
    click: () => actions.setTheme(value),
  })
  return {
    label: '&View',
    submenu: [
      command('showConfigure', 'Configure', 'CmdOrCtrl+1'),
      command('showWatch', 'Watch', 'CmdOrCtrl+2'),
      command('showWire', 'Wire', 'CmdOrCtrl+3'),
      command('showCompare', 'Compare', 'CmdOrCtrl+4'),
      command('showRuns', 'Runs', 'CmdOrCtrl+5'),
      command('showBatch', 'Batch', 'CmdOrCtrl+6'),
      command('showLab', 'Lab', 'CmdOrCtrl+7'),
      command('showTry', 'Try', 'CmdOrCtrl+8'),
      command('showWalk', 'Walk', 'CmdOrCtrl+9'),
      command('showLessons', 'Lessons'),
      separator,
      command('showCommandPalette', 'Command palette', 'CmdOrCtrl+K'),
      separator,
      {
        id: 'theme',
        label: 'Appearance',
        submenu: [
          appearance('system', 'As the system'),
          appearance('light', 'Light'),
          appearance('dark', 'Dark'),
        ],
      },
      separator,
      zoom('in', 'Zoom in', 'CmdOrCtrl+='),
      // The same key as it is labelled, and the numeric pad's.
      zoom('in', 'Zoom in', 'CmdOrCtrl+Plus', true),
      zoom('in', 'Zoom in', 'CmdOrCtrl+numadd', true),
      zoom('out', 'Zoom out', 'CmdOrCtrl+-'),
      zoom('out', 'Zoom out', 'CmdOrCtrl+numsub', true),
      zoom('reset', 'Actual size', 'CmdOrCtrl+0'),
      separator,
      command('present', 'Presentation', isMac ? 'Cmd+Shift+F' : 'F11'),
      // F11 presents.
      {
        role: 'togglefullscreen',
        label: 'Full screen',
        ...(isMac ? {} : { accelerator: 'Shift+F11' }),
      },
      ...(app.isPackaged
        ? []
        : ([separator, { role: 'toggleDevTools', label: 'Developer tools' }] as Item[])),
    ],
  }
}

function helpMenu(command: MakeCommand): Item {
  return {
    role: 'help',
    label: '&Help',
    submenu: [
      command('showGuide', 'A first look'),
      command('showDocumentation', 'Documentation', 'F1'),
      command('showShortcuts', 'Keyboard shortcuts'),
      {
        id: 'paper',
        label: 'The HiSo paper',
        click: () => void shell.openExternal('https://arxiv.org/abs/2506.02370'),
      },
      ...(isMac ? [] : ([separator, { role: 'about', label: 'About HiSo Studio' }] as Item[])),
    ],
  }
}
