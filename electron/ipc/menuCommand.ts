/**
 * What can be chosen in the menus and is carried out by the renderer. What main does alone (zoom,
 * full screen, about) is not here.
 */
export const menuCommands = [
  'newRun',
  'openConfig',
  'openRunFolder',
  'openRunFile',
  'downloadFromHub',
  'saveConfig',
  'saveConfigAs',
  'exportRun',
  'copyLink',
  'undo',
  'redo',
  'startRun',
  'pauseRun',
  'stepRun',
  'stopRun',
  'showConfigure',
  'showWatch',
  'showWire',
  'showCompare',
  'showRuns',
  'showBatch',
  'showLab',
  'showTry',
  'showWalk',
  'showLessons',
  'present',
  'showCommandPalette',
  'showSettings',
  'showShortcuts',
  'showGuide',
  'showDocumentation',
] as const

export type MenuCommand = (typeof menuCommands)[number]
