/** Which questions of views wait behind runs in progress, and which do not. */
import { expect, test } from 'vitest'
import { openViews } from './views.ts'

test('what is needed before anything of a run is seen is asked promptly, all else patiently', async () => {
  const asked: string[] = []
  const view = openViews(
    {
      openViews: (_emit, pace) => (name) => {
        asked.push(`${pace} ${name}`)
        return Promise.resolve()
      },
    },
    () => undefined,
  )
  await view('listRuns', { library: 'runs' })
  await view('readRun', { folder: 'runs/a' })
  await view('readScalars', { folder: 'runs/a', from: 0, to: 1 })
  await view('exportRun', { folder: 'runs/a', format: 'csv' })
  expect(asked).toEqual([
    'prompt listRuns',
    'prompt readRun',
    'patient readScalars',
    'patient exportRun',
  ])
})
