/** Which questions of views wait behind runs in progress, and which do not. */
import { expect, test } from 'vitest'
import { quadraticConfig } from '../testing/federation.ts'
import { openViews } from './views.ts'

test('what people wait for is asked promptly, a picture that follows a drag while nothing is played', async () => {
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
  await view('tracePlane', { config: quadraticConfig() })
  isPlaying = false
  await view('tracePlane', { config: quadraticConfig() })
  expect(asked).toEqual([
    'prompt listRuns',
    'prompt readRun',
    'patient readScalars',
    'patient exportRun',
    'prompt readWalk',
    'patient tracePlane',
    'prompt tracePlane',
  ])
})
