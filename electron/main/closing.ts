/**
 * Closing during a run: asks first, then lets the engine finish its round, so that nothing is lost
 * and the run can be resumed.
 */
import { dialog, type BrowserWindow } from 'electron'
import type { RunInProgress } from '../ipc/enginePort.ts'
import type { EngineProcess } from './engineProcess.ts'

/**
 * A round that takes longer than this is given up: it was not in the log, and is played again on
 * resuming.
 */
const roundPatienceMs = 15_000

/** Guards a window; `onClosed` comes when the engine has ended. */
export function askBeforeClosing(window: BrowserWindow, engine: EngineProcess): void {
  let isDecided = false
  let isAsking = false
  window.on('close', (event) => {
    if (isDecided) return
    event.preventDefault()
    if (isAsking) return
    isAsking = true
    void decide(window, engine).then((isClosing) => {
      isAsking = false
      if (!isClosing) return
      isDecided = true
      window.close()
    })
  })
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
