/**
 * A run in hand: paused, stepped, changed, resumed, stopped; killed and brought back; left and
 * taken up again.
 */
import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import {
  hiso,
  openApp,
  openConfig,
  playWithCommandLine,
  pressRun,
  progressOf,
  roundsOf,
  showView,
  untilRounds,
  untilState,
} from './app.ts'
import { mnistText } from './configs.ts'
import { answerMessageBoxes, expect, test, type Launched } from './studio.ts'

const runOnScreen = (page: Page, state: string) =>
  page.getByRole('button', { name: new RegExp(`^Run on screen: .*, ${state}`, 'i') })

async function onlyRun(library: string): Promise<string> {
  const [run] = await readdir(library)
  return join(library, run!)
}

test('pause, step, change the learning rate, continue, stop: all of it is in the log', async ({
  studio,
}) => {
  const { page } = await openConfig(studio, mnistText(50_000))
  await pressRun(page)
  await untilRounds(page, 10)
  await page.getByRole('button', { name: 'Pause' }).click()
  await expect(runOnScreen(page, 'paused')).toBeVisible()
  const paused = await roundsOf(page)
  await page.getByRole('button', { name: 'Step one round' }).click()
  await expect.poll(() => roundsOf(page)).toBe(paused + 1)
  await page.getByRole('button', { name: 'Step one round' }).click()
  await expect.poll(() => roundsOf(page)).toBe(paused + 2)

  await page.getByRole('button', { name: 'Change', exact: true }).click()
  await page.getByRole('textbox', { name: 'Learning rate' }).fill('0')
  await expect(page.getByRole('alert')).toContainText('above 0')
  await page.getByRole('textbox', { name: 'Learning rate' }).fill('0.002')
  await page.getByRole('textbox', { name: 'Hessian smoothing' }).fill('0.2')
  await page.getByRole('button', { name: 'Change from the next round on' }).click()

  await page.getByRole('button', { name: 'Continue' }).click()
  await expect(runOnScreen(page, 'running')).toBeVisible()
  await untilRounds(page, paused + 10)
  await expect(page.getByTestId('figures')).toContainText('0.002')
  await page.getByRole('button', { name: 'Stop' }).click()
  await untilState(page, 'Stopped')
  const stopped = await roundsOf(page)
  expect(stopped).toBeLessThan(50_000)

  const folder = await onlyRun(studio.library)
  const [header, ...rows] = (await readFile(join(folder, 'metrics.csv'), 'utf8')).trim().split('\n')
  const at = header!.split(',').indexOf('learningRate')
  const rates = rows.map((row) => Number(row.split(',')[at]))
  expect(rows).toHaveLength(stopped)
  expect(rates.slice(0, paused + 2)).toEqual(Array(paused + 2).fill(0.005))
  expect(new Set(rates.slice(paused + 2))).toEqual(new Set([0.002]))
  // Rebuilt from the log alone, changes included, it is the state that was recorded.
  await hiso('replay', folder, '--verify')

  await page.getByRole('button', { name: 'Resume' }).click()
  await untilRounds(page, stopped + 5)
  await page.keyboard.press('Shift+F5')
  await untilState(page, 'Stopped')
})

/** Kills the engine's process, as a crash would. */
async function killEngine({ app }: Launched): Promise<void> {
  const pid = await app.evaluate(
    ({ app: electron }) =>
      electron
        .getAppMetrics()
        .find(({ name, serviceName }) => (name ?? serviceName) === 'HiSo engine')?.pid,
  )
  expect(pid).toBeDefined()
  process.kill(pid ?? 0, 'SIGKILL')
}

test('the engine is killed in mid-run: one calm line, and the run ends in the state of an undisturbed one', async ({
  studio,
}) => {
  const rounds = 999
  const reference = await playWithCommandLine(studio.library, '../reference', mnistText(rounds))
  const launched = await openConfig(studio, mnistText(rounds))
  const { page } = launched
  await pressRun(page)
  await untilRounds(page, 30)
  // The next engine may be there sooner than anybody can look.
  await page.evaluate(() => {
    const seen: string[] = []
    Object.assign(window, { seen })
    const look = () => {
      for (const line of document.querySelectorAll('[role="status"], [role="alert"]'))
        seen.push(line.textContent ?? '')
    }
    new MutationObserver(look).observe(document.body, { childList: true, subtree: true })
  })
  await killEngine(launched)
  const seen = () => page.evaluate(() => (window as unknown as { seen: string[] }).seen.join('\n'))
  await expect.poll(seen).toMatch(/engine (stopped and is being started again|was restarted)/i)
  await untilState(page, 'Finished', 120_000)
  await expect(progressOf(page)).toContainText(`${rounds} of ${rounds}`)
  const hashOf = async (folder: string) =>
    (JSON.parse(await readFile(join(folder, 'run.json'), 'utf8')) as { stateHash: string })
      .stateHash
  expect(await hashOf(await onlyRun(studio.library))).toBe(await hashOf(reference))
})

test('the window is closed during a run: it asks, and on the next start the run can be resumed', async ({
  studio,
}) => {
  const first = await openConfig(studio, mnistText(50_000))
  await pressRun(first.page)
  await untilRounds(first.page, 10)
  await answerMessageBoxes(first.app, 0)
  const exited = new Promise((resolve) => first.process.once('exit', resolve))
  await first.app
    .evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close())
    .catch(() => {})
  await exited

  const second = await openApp(studio)
  await showView(second.page, 'Runs')
  const row = second.page.getByRole('row', { name: /digits/ })
  await row.dblclick()
  await expect(second.page.getByRole('main', { name: 'Watch' })).toBeVisible()
  await untilState(second.page, 'Stopped')
  const rounds = await roundsOf(second.page)
  expect(rounds).toBeGreaterThanOrEqual(10)
  await second.page.getByRole('button', { name: 'Resume' }).click()
  await untilRounds(second.page, rounds + 5)
})
