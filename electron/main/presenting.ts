/**
 * The presentation's window: full screen, and zoomed so that the page has the same room on every
 * projector. Text, lines and figures then scale as one.
 */
import type { BrowserWindow } from 'electron'

/**
 * The page's size in its own pixels, at 16:9. With 14 of them for the smallest text it has 20
 * pixels on a screen of 1280 × 720.
 */
const room = { width: 880, height: 495 }

export interface Presenting {
  set(isPresenting: boolean): void
}

/**
 * @param zoomBefore the zoom factor that the window goes back to
 * @param told hears of every end, also of one that the system or the window manager has asked for
 */
export function presentIn(
  window: BrowserWindow,
  zoomBefore: () => void,
  told: (isPresenting: boolean) => void,
): Presenting {
  let isOn = false
  const fit = () => {
    if (!isOn || window.isDestroyed()) return
    // It has no frame then; and during the event the size of the content is still the one before.
    const { width, height } = window.getBounds()
    window.webContents.setZoomFactor(
      Math.max(1, Math.min(width / room.width, height / room.height)),
    )
  }
  const end = () => {
    if (!isOn) return
    isOn = false
    zoomBefore()
    told(false)
  }
  window.on('resize', fit)
  window.on('leave-full-screen', end)
  return {
    set(isPresenting) {
      if (isPresenting === isOn) return
      isOn = isPresenting
      if (isOn) fit()
      else zoomBefore()
      window.setFullScreen(isOn)
    },
  }
}
