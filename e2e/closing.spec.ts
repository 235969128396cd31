/**
 * Closing the window: at once when nothing runs, with a question when something does, and no round
 * is ever lost.
 */
import { askEngine, untilReady, untilRound } from './bare.ts'
import { mnistRun } from './configs.ts'
import { answerMessageBoxes, expect, questionsAsked, test, type Launched } from './studio.ts'

const config = mnistRun(5000)

/** As a click on the window's cross. */
async function closeWindow({ app }: Launched): Promise<void> {
  await app
    .evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close())
    .catch(() => {})
}

function untilExit({ process: child }: Launched): Promise<number | null> {
  if (child.exitCode !== null) return Promise.resolve(child.exitCode)
  return new Promise((resolve) => child.once('exit', (code) => resolve(code)))
}

test('without a run the app closes without a question', async ({ studio }) => {
  const launched = await studio.launch({ bare: true })
  await untilReady(launched.page)
  const exit = untilExit(launched)
  await closeWindow(launched)
  expect(await exit).toBe(0)
})

test('during a run it asks, and goes on if so wanted', async ({ studio }) => {
  const launched = await studio.launch({ bare: true })
  const { app, page } = launched
  await untilReady(page)
  await askEngine(page, 'startRun', { config, library: studio.library })
  await untilRound(page, 3)
  await answerMessageBoxes(app, 1)
  await closeWindow(launched)
  await expect.poll(() => questionsAsked(app)).toEqual(['A run is in progress'])
  const rounds = await page.evaluate('window.bare.events.length')
  await untilRound(page, (rounds as number) + 3)
})

test('a run that was stopped by closing is there on the next start, and can be resumed', async ({
  studio,
}) => {
  const first = await studio.launch({ bare: true })
  await untilReady(first.page)
  const { folder } = await askEngine<{ folder: string }>(first.page, 'startRun', {
    config,
    library: studio.library,
  })
  await untilRound(first.page, 3)
  await answerMessageBoxes(first.app, 0)
  const exit = untilExit(first)
  await closeWindow(first)
  expect(await exit).toBe(0)

  const second = await studio.launch({ bare: true })
  await untilReady(second.page)
  const found = await askEngine<{ record: { status: string; rounds: number } }>(
    second.page,
    'readRun',
    {
      folder,
    },
  )
  expect(found.record.status).toBe('stopped')
  expect(found.record.rounds).toBeGreaterThanOrEqual(3)
  await askEngine(second.page, 'resumeRun', { folder })
  await untilRound(second.page, found.record.rounds + 2)
})
