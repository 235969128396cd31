/** What views say of a run that has no round to show: yet, or for good. */
import type { OpenRun } from './openRun.ts'

interface NoRounds {
  readonly title: string
  readonly text: string
  /** Whether Continue would change that. */
  readonly isPaused: boolean
}

/**
 * @param isOpening whether a run may still come, as after a start
 * @returns undefined where there is no run, or where it has rounds
 */
export function noRoundsOf(run: OpenRun | undefined, isOpening: boolean): NoRounds | undefined {
  const said = (title: string, text: string, isPaused = false) => ({ title, text, isPaused })
  if (run === undefined)
    return isOpening ? said('Opening the library…', 'Its newest run is shown here.') : undefined
  if (run.rounds > 0) return undefined
  switch (run.state) {
    case 'loading':
      return said('Opening the run…', 'Its rounds are being read.')
    case 'running':
      return said('The first round is being played', 'It is shown here as soon as it is complete.')
    case 'paused':
      return said('Paused before the first round', 'Continue, or play one round at a time.', true)
    case 'interrupted':
      return said(
        'Interrupted before the first round',
        'Its process ended too early. Resume it, or open another run.',
      )
    case 'finished':
    case 'stopped':
    case 'failed':
      return said('No round was played', 'The run ended before its first round was complete.')
  }
}
