/**
 * The first minutes with the app: a preset, Run, charts that move, the numbers in a file; and the
 * same without a mouse.
 */
import { readFile, readdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Page } from '@playwright/test'
import {
  chooseInPalette,
  hiso,
  openConfig,
  progressOf,
  roundsOf,
  untilRounds,
  untilState,
} from './app.ts'
import { quadraticText } from './configs.ts'
import { chooseInDialogs, expect, test } from './studio.ts'

/** What is painted in the chart of this name. */
function pictureOf(page: Page, chart: string): Promise<string> {
  return page
    .getByRole('region', { name: chart, exact: true })
    .locator('canvas')
    .first()
    .evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL())
}

test('first launch, a preset, Run: charts move, and the CSV is the command line’s to the byte', async ({
  studio,
}) => {
  const { app, page } = await studio.launch()
  const welcome = page.getByRole('dialog', { name: 'Welcome to HiSo Studio' })
  await welcome.getByRole('button', { name: /^My experiment/ }).click()
  await page.getByRole('button', { name: 'Run Quickstart' }).click()
  await expect(page.getByTestId('figures')).toBeVisible()
  await untilRounds(page, 5)
  const before = {
    loss: await pictureOf(page, 'Loss'),
    bytes: await pictureOf(page, 'Bytes so far'),
  }
  await expect.poll(() => pictureOf(page, 'Loss')).not.toBe(before.loss)
  await expect.poll(() => pictureOf(page, 'Bytes so far')).not.toBe(before.bytes)
  await expect(page.getByTestId('figures')).toContainText('Train loss')
  await untilRounds(page, 20)
  await page.getByRole('button', { name: 'Stop' }).click()
  await untilState(page, 'Stopped')

  const exported = join(dirname(studio.library), 'exported.csv')
  await chooseInDialogs(app, exported)
  await page.getByRole('button', { name: 'Export the run' }).click()
  await page.getByRole('menuitem', { name: 'Metrics as CSV…' }).click()
  await expect.poll(() => readFile(exported, 'utf8').catch(() => '')).toContain('trainLoss')
  const [run] = await readdir(studio.library)
  const expected = await hiso('export', join(studio.library, run!), '--format', 'csv')
  expect(await readFile(exported, 'utf8')).toBe(expected)
  expect(expected.trimEnd().split('\n')).toHaveLength((await roundsOf(page)) + 1)

  const chart = join(dirname(studio.library), 'loss.svg')
  await chooseInDialogs(app, chart)
  await page.getByRole('button', { name: 'Loss: save the chart' }).click()
  await page.getByRole('menuitem', { name: 'Save as SVG…' }).click()
  await expect.poll(() => readFile(chart, 'utf8').catch(() => '')).toContain('</svg>')
  for (const text of ['Loss', 'round', 'train', 'test'])
    expect(await readFile(chart, 'utf8')).toContain(text)
})

/** Presses Tab until the control of this name has the focus. */
async function tabTo(page: Page, name: RegExp): Promise<void> {
  const nameOfFocused = () =>
    page.evaluate(() => {
      const focused = document.activeElement
      return focused?.getAttribute('aria-label') ?? focused?.textContent?.trim() ?? ''
    })
  const met: string[] = []
  for (let press = 0; press < 80; press++) {
    await page.keyboard.press('Tab')
    const now = await nameOfFocused()
    if (name.test(now)) return
    met.push(now.slice(0, 40))
  }
  throw new Error(`Tab never came to ${String(name)}, but to:\n${met.join('\n')}`)
}

/** Whether one can see where the focus is: an outline or a shadow that is not there otherwise. */
function focusIsVisible(page: Page): Promise<boolean> {
  return page.evaluate(() => {
    const focused = document.activeElement as HTMLElement
    const look = () => {
      const parts = [focused, focused.parentElement!].map((it) => getComputedStyle(it))
      return parts.map((it) => [it.outline, it.boxShadow, it.borderColor]).join()
    }
    const focusedLook = look()
    focused.blur()
    const blurredLook = look()
    focused.focus()
    return focusedLook !== blurredLook
  })
}

test('keyboard only: from the launch to a finished run and its export', async ({ studio }) => {
  const { app, page } = await studio.launch()
  const { keyboard } = page
  const welcome = page.getByRole('dialog', { name: 'Welcome to HiSo Studio' })
  await expect(welcome).toBeVisible()
  await tabTo(page, /^My experiment/)
  await keyboard.press('Enter')
  await tabTo(page, /^Configure Quadratic low rank$/)
  expect(await focusIsVisible(page)).toBe(true)
  await keyboard.press('Enter')
  await expect(welcome).toBeHidden()

  await chooseInPalette(page, 'rounds', /^Rounds/)
  await expect(page.getByRole('textbox', { name: /^Rounds/ })).toBeFocused()
  await keyboard.press('Control+a')
  await keyboard.type('60')
  await keyboard.press('F5')
  await expect(page.getByTestId('figures')).toBeVisible()
  await untilState(page, 'Finished')
  await expect(progressOf(page)).toContainText('60 of 60')

  const exported = join(dirname(studio.library), 'keyboard.csv')
  await chooseInDialogs(app, exported)
  await tabTo(page, /^Export the run$/)
  expect(await focusIsVisible(page)).toBe(true)
  await keyboard.press('Enter')
  await expect(page.getByRole('menuitem', { name: 'Metrics as CSV…' })).toBeFocused()
  await keyboard.press('Enter')
  await expect.poll(() => readFile(exported, 'utf8').catch(() => '')).toContain('trainLoss')

  await keyboard.press('Control+5')
  // Its heading is a row too: the run is there once the library has been read.
  await expect(page.getByRole('grid', { name: 'Runs' }).getByRole('row')).toHaveCount(2)
  await tabTo(page, /^Runs$/)
  await keyboard.press('ArrowDown')
  await keyboard.press('Enter')
  await expect(page.getByRole('main', { name: 'Watch' })).toBeVisible()
})

test('Show me opens the first look, which plays at once', async ({ studio }) => {
  const { page } = await studio.launch()
  const welcome = page.getByRole('dialog', { name: 'Welcome to HiSo Studio' })
  await studio.screenshot(page, 'welcome')
  await welcome.getByRole('button', { name: /^Show me/ }).click()
  await expect(page.getByRole('complementary', { name: 'Lesson: A first look' })).toBeVisible()
  await expect(page.getByRole('region', { name: 'Loss', exact: true })).toBeVisible()
})

test('a run is exported as JSON, as a model and as one file that another installation opens', async ({
  studio,
}) => {
  const folder = dirname(studio.library)
  const { app, page } = await openConfig(studio, quadraticText(40))
  await page.getByTestId('run').click()
  await untilState(page, 'Finished')
  const save = async (item: string, name: string) => {
    await chooseInDialogs(app, join(folder, name))
    await page.getByRole('button', { name: 'Export the run' }).click()
    await page.getByRole('menuitem', { name: item }).click()
    await expect
      .poll(() => readFile(join(folder, name)).catch(() => Buffer.of()))
      .not.toHaveLength(0)
    return readFile(join(folder, name))
  }
  const [run] = await readdir(studio.library)
  const json = await save('Metrics as JSON…', 'run.json')
  expect(json.toString()).toBe(await hiso('export', join(studio.library, run!), '--format', 'json'))
  await save('Whole run as one file…', 'shared.hiso')
  await chooseInDialogs(app, join(folder, 'shared.hiso'))
  await chooseInPalette(page, 'Open run file', /^Open run file/)
  await expect.poll(() => readdir(studio.library)).toHaveLength(2)
  await expect(progressOf(page)).toContainText('40 of 40')
})
