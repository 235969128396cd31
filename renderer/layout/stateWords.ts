/** The states of a run in words. */
import type { RunState } from '../stores/openRun.ts'

export const stateWords: Readonly<Record<RunState, string>> = {
  loading: 'Opening',
  running: 'Running',
  paused: 'Paused',
  finished: 'Finished',
  stopped: 'Stopped',
  failed: 'Failed',
  interrupted: 'Interrupted',
}
