/** Twenty runs of ten thousand rounds compared: frames while one zooms and moves. */
import { cp, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { printTable } from '../../bench/markdown.ts'
import { openApp, playWithCommandLine, showView } from '../app.ts'
import { quadraticText } from '../configs.ts'
import { expect, test } from '../studio.ts'
import { printLoad, quantile } from './figures.ts'

const runs = 20
const rounds = 10_000
const frames = 180

/**
 * The same run under other seeds; its losses moved a little, so that no two lines lie on each
 * other.
 */
async function copyOf(first: string, folder: string, seed: number): Promise<void> {
  await cp(first, folder, { recursive: true })
  const config = join(folder, 'config.yaml')
  await writeFile(config, (await readFile(config, 'utf8')).replace(/^seed: .*$/m, `seed: ${seed}`))
  const metrics = join(folder, 'metrics.csv')
  const [header, ...rows] = (await readFile(metrics, 'utf8')).trimEnd().split('\n')
  const moved = rows.map((row, at) => {
    const [round, loss, ...rest] = row.split(',')
    return [round, Number(loss) * (1 + 0.3 * Math.sin(at * seed) + seed / 10), ...rest].join(',')
  })
  await writeFile(metrics, `${[header, ...moved].join('\n')}\n`)
}

/**
 * Turns the wheel once per frame, in and out again or to and fro, and says how long each frame
 * took.
 */
function framesOf(page: Page, kind: 'zoom' | 'pan'): Promise<number[]> {
  return page.evaluate(
    async ([action, count]) => {
      const plot = document.querySelector<HTMLElement>('main [role=img]')!
      const { left, top, width, height } = plot.getBoundingClientRect()
      const turn = (deltaX: number, deltaY: number, ctrlKey: boolean) =>
        plot.dispatchEvent(
          new WheelEvent('wheel', {
            bubbles: true,
            cancelable: true,
            clientX: left + width * 0.55,
            clientY: top + height / 2,
            deltaX,
            deltaY,
            ctrlKey,
          }),
        )
      const frame = () => new Promise<number>(requestAnimationFrame)
      // To where one can move: into the middle third.
      if (action === 'pan') turn(0, -550, true)
      const taken: number[] = []
      let last = await frame()
      for (let at = 0; at < count; at++) {
        const isBack = Math.floor(at / 30) % 2 === 1
        if (action === 'zoom') turn(0, isBack ? 40 : -40, true)
        else turn(isBack ? -24 : 24, 0, false)
        const now = await frame()
        taken.push(now - last)
        last = now
      }
      return taken
    },
    [kind, frames] as const,
  )
}

test('20 runs of 10,000 rounds compared', async ({ studio }) => {
  const first = await playWithCommandLine(studio.library, 'run0', quadraticText(rounds, 20))
  for (let seed = 1; seed < runs; seed++)
    await copyOf(first, join(studio.library, `run${seed}`), seed)
  const { app, page } = await openApp(studio)
  await app.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()[0]!.setBounds({ x: 0, y: 0, width: 1920, height: 1080 }),
  )
  await showView(page, 'Compare')
  await page.getByRole('button', { name: 'Choose runs…' }).click()
  await page.getByRole('button', { name: `Choose all ${runs}` }).click()
  await page.getByRole('button', { name: `Add ${runs} runs` }).click()
  await page.getByRole('radio', { name: 'Train loss' }).click()
  await expect(page.getByRole('complementary', { name: 'Compared runs' })).toContainText(
    `n = ${runs}`,
  )

  const table: (string | number)[][] = []
  for (const grouping of ['What differs, over seeds', 'Every run by itself']) {
    await page.getByRole('combobox', { name: 'Group by' }).click()
    await page.getByRole('option', { name: grouping }).click()
    for (const kind of ['zoom', 'pan'] as const) {
      await page.keyboard.press('Escape')
      const taken = await framesOf(page, kind)
      const ms = (share: number) => quantile(taken, share).toFixed(1)
      const late = taken.filter((each) => each > 25).length
      table.push([grouping, kind, taken.length, late, ms(0.5), ms(0.95), ms(1)])
      const all = page.getByRole('button', { name: 'Show all' })
      if (await all.isVisible()) await all.click()
    }
  }
  printLoad()
  printTable(
    ['20 × 10,000', 'moving', '>frames', '>late', '>median, ms', '>p95, ms', '>largest, ms'],
    table,
  )
})
