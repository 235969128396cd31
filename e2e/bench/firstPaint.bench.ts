/**
 * From the start of the app's process to its first paint, and until it takes a click; beside that,
 * the first paint of the least app there is, one page with a line of text in the same Electron.
 */
import { _electron, type Page } from '@playwright/test'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { printTable } from '../../bench/markdown.ts'
import { askShell } from '../bare.ts'
import { executable, expect, sandboxArgs, test } from '../studio.ts'
import { printLoad, quantile } from './figures.ts'

const turns = 10

test('the first paint after a start', async ({ studio }) => {
  const painted: number[] = []
  const mounted: number[] = []
  const least: number[] = []
  for (let turn = 0; turn < turns; turn++) {
    const { app, page, startedAt } = await studio.launch()
    painted.push((await paintOf(page)) - startedAt)
    type Description = { readonly startedAt: number; readonly interactiveMs?: number }
    const described = () => askShell<Description>(page, 'describe')
    await expect.poll(async () => (await described()).interactiveMs).toBeDefined()
    const { startedAt: began, interactiveMs } = await described()
    mounted.push(began + interactiveMs! - startedAt)
    await app.close()
    least.push(await paintOfLeastApp())
  }
  printLoad()
  const row = (name: string, taken: readonly number[]) => {
    const ms = (share: number) => quantile(taken, share).toFixed(0)
    return [name, turns, ms(1 / turns), ms(0.5), ms(1)]
  }
  printTable(
    ['after the start of the process', '>times', '>least, ms', '>median, ms', '>largest, ms'],
    [
      row('first paint', painted),
      row('takes a click', mounted),
      row('first paint of the least app', least),
    ],
  )
})

/** When it was, in ms since 1970. */
async function paintOf(page: Page): Promise<number> {
  const paintedAt = () =>
    page.evaluate(() => {
      const [paint] = performance.getEntriesByName('first-contentful-paint')
      return paint && performance.timeOrigin + paint.startTime
    })
  await expect.poll(paintedAt).toBeDefined()
  return (await paintedAt())!
}

async function paintOfLeastApp(): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'hiso-bench-'))
  try {
    await writeFile(join(folder, 'package.json'), '{ "name": "least", "main": "main.cjs" }')
    await writeFile(join(folder, 'page.html'), '<!doctype html><title>least</title><p>A line</p>')
    await writeFile(
      join(folder, 'main.cjs'),
      `const { app, BrowserWindow } = require('electron')
app.whenReady().then(() => {
  const window = new BrowserWindow({ show: false, width: 1440, height: 900 })
  window.once('ready-to-show', () => window.show())
  window.loadFile('page.html')
})`,
    )
    const startedAt = Date.now()
    const args = [...sandboxArgs(), folder, `--user-data-dir=${join(folder, 'data')}`]
    const app = await _electron.launch({ executablePath: executable(), args })
    const painted = await paintOf(await app.firstWindow())
    await app.close()
    return painted - startedAt
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 })
  }
}
