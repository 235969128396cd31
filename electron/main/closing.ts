/**
 * The end of a window: closing it during a run asks first, then lets the engine finish its round,
 * so that nothing is lost and the run can be resumed.
 */
import { dialog, type BrowserWindow } from 'electron'
import type { RunInProgress } from '../ipc/enginePort.ts'
import type { EngineProcess } from './engineProcess.ts'

/**
 * A round that takes longer than this is given up: it was not in the log, and is played again on
 * resuming.
 */
const roundPatienceMs = 15_000

/** A page has no more to do than to go. */
const pagePatienceMs = 2000

/**
 * Guards a window: it closes when the engine has ended. A page that crashes is loaded again, but
 * not in a window that closes: a system that shuts down ends all processes at once.
 */
export function askBeforeClosing(window: BrowserWindow, engine: EngineProcess): void {
  let stage: 'open' | 'asking' | 'decided' = 'open'
  window.on('close', (event) => {
    if (stage === 'decided') return
    event.preventDefault()
    if (stage === 'asking') return
    stage = 'asking'
    void decide(window, engine).then((isClosing) => {
      stage = isClosing ? 'decided' : 'open'
      if (isClosing) close(window)
      else if (window.webContents.isCrashed()) window.webContents.reload()
    })
  })
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    if (stage === 'open' && reason !== 'clean-exit') window.webContents.reload()
  })
}

/** Whatever has become of its page: one that hangs, or is just being loaded, can't hold it. */
function close(window: BrowserWindow): void {
  window.close()
  setTimeout(() => {
    if (!window.isDestroyed()) window.destroy()
  }, pagePatienceMs)
}

async function decide(window: BrowserWindow, engine: EngineProcess): Promise<boolean> {
  const runs = engine.runsInProgress
  if (runs.length > 0) {
    const { response } = await dialog.showMessageBox(window, {
      type: 'question',
      title: 'HiSo Studio',
      message: runs.length === 1 ? 'A run is in progress' : `${runs.length} runs are in progress`,
      detail: `${runs.slice(0, 4).map(progressOf).join('\n')}\n\nEvery finished round is kept, and you can resume where it stops.`,
      buttons: ['Stop and close', 'Keep running'],
      defaultId: 1,
      cancelId: 1,
      noLink: true,
    })
    if (response !== 0) return false
    window.setProgressBar(2)
  }
  await engine.close(roundPatienceMs)
  return true
}

function progressOf({ name, rounds, plannedRounds, isPaused }: RunInProgress): string {
  return `${name}: round ${rounds} of ${plannedRounds}${isPaused ? ', paused' : ''}`
}
