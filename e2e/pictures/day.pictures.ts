/**
 * test-results/day: a researcher's day at every size, in both themes, at 100 and 150 %. Nobody's
 * README shows these: they are to be looked at before a release.
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import {
  chooseInPalette,
  hiso,
  openApp,
  pressRun,
  showView,
  untilRounds,
  untilState,
} from '../app.ts'
import { askShell } from '../bare.ts'
import { repository } from '../repository.ts'
import { expect, test, type Launched } from '../studio.ts'

const screens = [
  { width: 1024, height: 640, zoom: 1 },
  { width: 1920, height: 1080, zoom: 1 },
  { width: 1920, height: 1080, zoom: 1.5 },
] as const
const themes = ['light', 'dark'] as const
const folder = join(repository, 'test-results', 'day')

/** Takes the present view on every screen. */
async function look({ app, page }: Launched, name: string): Promise<void> {
  for (const { width, height, zoom } of screens) {
    await app.evaluate(
      ({ BrowserWindow }, size) => {
        const [window] = BrowserWindow.getAllWindows()
        window?.setBounds({ x: 0, y: 0, width: size.width, height: size.height })
        window?.webContents.setZoomFactor(size.zoom)
      },
      { width, height, zoom },
    )
    await expect
      .poll(() => page.evaluate(() => innerWidth))
      .toBeLessThanOrEqual(Math.ceil(width / zoom))
    for (const theme of themes) {
      await askShell(page, 'setTheme', theme)
      await expect(page.locator('html')).toHaveAttribute('data-theme', theme)
      // Charts are drawn anew in the frames after a resize.
      await page.waitForTimeout(400)
      const path = join(folder, `${name}-${width}x${zoom * 100}-${theme}.png`)
      await writeFile(path, await pictureOf(app))
    }
  }
}

/** Of the whole window: a screenshot of a zoomed page would be a part of it. */
async function pictureOf(app: Launched['app']): Promise<Uint8Array> {
  const text = await app.evaluate(async ({ BrowserWindow }) => {
    const image = await BrowserWindow.getAllWindows()[0]!.webContents.capturePage()
    return image.toPNG().toString('base64')
  })
  return Buffer.from(text, 'base64')
}

async function closeDialog(page: Page): Promise<void> {
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toHaveCount(0)
}

test('from the welcome to a run that was played', async ({ studio }) => {
  await mkdir(folder, { recursive: true })
  const run = join(studio.library, 'quickstart')
  await hiso('run', 'quickstart', '--set', 'method.name=hiso', '--out', run)

  const welcomed = await studio.launch()
  await look(welcomed, '01-welcome')
  await welcomed.page.getByRole('button', { name: /My experiment/ }).click()
  await look(welcomed, '02-presets')
  await welcomed.page.getByRole('button', { name: 'Configure Three ways' }).click()
  await look(welcomed, '03-configure')
  await welcomed.app.close()

  const launched = await openApp(studio, { args: [run] })
  const { page } = launched
  await untilState(page, 'Finished')
  await expect(page.getByText(/(read|rebuilt) from the log/)).toHaveCount(0)
  await look(launched, '04-watch')
  await showView(page, 'Wire')
  await expect(page.getByRole('region', { name: 'Messages' })).toContainText('messages')
  await look(launched, '05-wire')
  await showView(page, 'Walk')
  await expect(page.getByText(/^Playing round/)).toHaveCount(0)
  await look(launched, '06-walk')
  await showView(page, 'Lab')
  await look(launched, '07-lab')

  await showView(page, 'Watch')
  for (const [entry, name] of [
    ['Run again with…', '08-again'],
    ['Continue for more rounds…', '09-continue'],
    ['Fork at a round…', '10-fork'],
  ] as const) {
    await page.getByRole('button', { name: 'Reuse' }).click()
    await page.getByRole('menuitem', { name: entry }).click()
    await look(launched, name)
    await closeDialog(page)
  }
  await page.keyboard.press('Control+e')
  await look(launched, '11-export')
  await closeDialog(page)
})

test('the library, compared and played again in batches', async ({ studio }) => {
  await mkdir(folder, { recursive: true })
  for (const rate of [0.005, 0.02, 0.05])
    for (const seed of [1, 2]) {
      const play = (method: string) =>
        hiso(
          ...['run', 'fashion-hiso-vs-decomfl', '--set', `method.name=${method}`],
          ...['--set', `method.learningRate=${rate}`, '--set', `seed=${seed}`],
          ...['--set', 'federation.rounds=60', '--set', 'compute.workers=1'],
          ...['--out', join(studio.library, `${method}-${rate}-${seed}`)],
        )
      await Promise.all(['hiso', 'decomfl'].map(play))
    }
  const launched = await openApp(studio)
  const { page } = launched

  await showView(page, 'Runs')
  const grid = page.getByRole('grid', { name: 'Runs' })
  await expect(grid).toBeVisible()
  await look(launched, '12-runs')
  await page.getByRole('textbox', { name: 'Filter runs' }).fill('hiso-vs-decomfl')
  await grid.focus()
  await page.keyboard.press('Control+a')
  await look(launched, '13-runs-chosen')
  await page.getByRole('button', { name: /^Compare \d/ }).click()
  const view = (name: string) =>
    page.getByRole('toolbar', { name: 'Comparison' }).getByText(name, { exact: true })
  await look(launched, '14-compare')
  await view('One each').click()
  await look(launched, '15-multiples')
  await view('Sweep').click()
  await look(launched, '16-sweep')
  await view('Curves').click()

  await chooseInPalette(page, 'Quickstart', /^Quickstart/)
  await showView(page, 'Batch')
  await page.getByRole('button', { name: 'Vary Learning rate η' }).click()
  await page.getByRole('button', { name: 'Queue and run' }).click()
  await look(launched, '17-batch')
  await page.getByRole('button', { name: 'Stop all' }).click()
  await look(launched, '18-stop')
  await page.getByRole('dialog').getByRole('button', { name: 'Stop all' }).click()
  await page.getByRole('radio', { name: 'Learning rates' }).click()
  await look(launched, '19-search')

  await pressRun(page)
  await untilRounds(page, 5)
  await page.keyboard.press('F6')
  await look(launched, '20-paused')
})
