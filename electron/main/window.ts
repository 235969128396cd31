/** The window: made hidden, shown when its page is there, and found again where it was left. */
import { BrowserWindow, nativeTheme, screen, type Rectangle } from 'electron'
import { appPage } from './appProtocol.ts'
import { places } from './places.ts'
import type { Settings } from './settings.ts'

const minimum = { width: 1024, height: 640 }
const preferred = { width: 1440, height: 900 }

/**
 * The page's own background, so that nothing flashes before it is drawn; `--canvas` in
 * renderer/style.
 */
const backgrounds = { dark: '#0d0f13', light: '#f3f4f6' }

export const backgroundColor = (): string =>
  nativeTheme.shouldUseDarkColors ? backgrounds.dark : backgrounds.light

/** @param devServer the renderer's address in development */
export function createWindow(settings: Settings, devServer: string | undefined): BrowserWindow {
  const { bounds, isMaximized, zoomLevel } = settings.data.window
  const window = new BrowserWindow({
    ...placed(bounds),
    minWidth: minimum.width,
    minHeight: minimum.height,
    show: false,
    title: 'HiSo Studio',
    backgroundColor: backgroundColor(),
    icon: places.icon(),
    webPreferences: {
      preload: places.preload(),
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
      // Charts go on being drawn from what has arrived; catching up on return would look like a
      // freeze.
      backgroundThrottling: false,
    },
  })
  if (isMaximized) window.maximize()
  window.webContents.on('did-finish-load', () => window.webContents.setZoomLevel(zoomOf(settings)))
  if (zoomLevel !== 0) window.webContents.setZoomLevel(zoomLevel)
  remember(window, settings)
  void window.loadURL(devServer ?? appPage)
  return window
}

export function setZoom(window: BrowserWindow, settings: Settings, level: number): void {
  const zoomLevel = Math.min(5, Math.max(-5, level))
  window.webContents.setZoomLevel(zoomLevel)
  settings.change({ window: { ...settings.data.window, zoomLevel } })
}

export const zoomOf = (settings: Settings): number => settings.data.window.zoomLevel

function remember(window: BrowserWindow, settings: Settings): void {
  const note = () => {
    if (window.isDestroyed() || window.isMinimized() || window.isFullScreen()) return
    const isMaximized = window.isMaximized()
    // Normal bounds follow the display's answer, and so come late where the window has just been
    // moved.
    const bounds = isMaximized ? window.getNormalBounds() : window.getBounds()
    settings.change({ window: { ...settings.data.window, bounds, isMaximized } })
  }
  for (const change of ['resize', 'move', 'maximize', 'unmaximize', 'close'] as const)
    window.on(change as 'resize', note)
}

/**
 * The remembered place, if a good part of it is still on a screen; else the middle of the primary
 * one.
 */
function placed(bounds: Rectangle | undefined): Partial<Rectangle> {
  if (bounds !== undefined) {
    const { workArea } = screen.getDisplayMatching(bounds)
    if (overlap(bounds, workArea) >= 0.25)
      return {
        ...bounds,
        width: Math.max(minimum.width, Math.min(bounds.width, workArea.width)),
        height: Math.max(minimum.height, Math.min(bounds.height, workArea.height)),
      }
  }
  const { width, height } = screen.getPrimaryDisplay().workArea
  return {
    width: Math.max(minimum.width, Math.min(preferred.width, width)),
    height: Math.max(minimum.height, Math.min(preferred.height, height)),
  }
}

/** The part of a rectangle that lies in another one. */
function overlap(inner: Rectangle, outer: Rectangle): number {
  const width = Math.min(inner.x + inner.width, outer.x + outer.width) - Math.max(inner.x, outer.x)
  const height =
    Math.min(inner.y + inner.height, outer.y + outer.height) - Math.max(inner.y, outer.y)
  return (Math.max(0, width) * Math.max(0, height)) / (inner.width * inner.height)
}
