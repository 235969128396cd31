/** Which questions of views wait behind runs in progress, and which do not. */
import { expect, test } from 'vitest'
import { openViews } from './views.ts'

test('what is needed before anything of a run is seen is asked promptly, a walk at rest too', async () => {
  const asked: string[] = []
  let isPlaying = true
  const view = openViews(
    {
      openViews: (_emit, pace) => (name) => {
        asked.push(`${pace} ${name}`)
        return Promise.resolve()
      },
    },
    () => undefined,
    () => isPlaying,
  )
  await view('listRuns', { library: 'runs' })
  await view('readRun', { folder: 'runs/a' })
  await view('readScalars', { folder: 'runs/a', from: 0, to: 1 })
  await view('exportRun', { folder: 'runs/a', format: 'csv' })
  await view('readWalk', { folder: 'runs/a', round: 0 })
  isPlaying = false
  await view('readWalk', { folder: 'runs/a', round: 0 })
  expect(asked).toEqual([
    'prompt listRuns',
    'prompt readRun',
    'patient readScalars',
    'patient exportRun',
    'patient readWalk',
    'prompt readWalk',
  ])
})
