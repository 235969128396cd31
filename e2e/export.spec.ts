/**
 * What leaves the app: the run in five formats and every chart as a picture, from one dialog; and
 * what another installation makes of it.
 */
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Locator, Page } from '@playwright/test'
import { hiso, openApp, openPlayed, playWithCommandLine, progressOf, showView } from './app.ts'
import { mnistText, quadraticText } from './configs.ts'
import { chooseInDialogs, chooseInMenu, expect, test } from './studio.ts'

async function openExport(page: Page): Promise<Locator> {
  await page.keyboard.press('Control+e')
  const dialog = page.getByRole('dialog', { name: 'Export' })
  await expect(dialog).toBeVisible()
  return dialog
}

const bytesAt = (path: string) => readFile(path).catch(() => undefined)

test('metrics, model and the whole run are the bytes that the command line writes', async ({
  studio,
}) => {
  const folder = await playWithCommandLine(studio.library, 'a', mnistText(20))
  const { app, page } = await openPlayed(studio, folder)
  const beside = (name: string) => join(dirname(studio.library), name)
  const exportAs = (format: string) => (file: string) => [
    'export',
    folder,
    '--format',
    format,
    '--out',
    file,
  ]
  const formats = [
    ['csv', /^Metrics as CSV/, exportAs('csv')],
    ['json', /^Metrics as JSON/, exportAs('json')],
    ['onnx', /^Trained model as ONNX/, exportAs('onnx')],
    ['hiso', /^Whole run/, exportAs('hiso')],
    ['model', /^Trained model as a .hiso/, (file: string) => ['pack', folder, file]],
  ] as const
  for (const [format, label, commandFor] of formats) {
    const [ours, theirs] = [beside(`app.${format}`), beside(`cli.${format}`)]
    await chooseInDialogs(app, ours)
    const dialog = await openExport(page)
    await dialog.getByRole('button', { name: label }).click()
    await expect.poll(() => bytesAt(ours), format).toBeDefined()
    await hiso(...commandFor(theirs))
    expect((await readFile(ours)).equals(await readFile(theirs)), format).toBe(true)
  }

  // The native menu leads to the same dialog.
  await chooseInMenu(app, 'exportRun')
  await expect(page.getByRole('dialog', { name: 'Export' })).toBeVisible()
})

test('the whole run in one file opens in another installation as the same run', async ({
  studio,
}) => {
  const folder = await playWithCommandLine(studio.library, 'a', quadraticText(30))
  const file = join(dirname(studio.library), 'mailed.hiso')
  await hiso('export', folder, '--format', 'hiso', '--out', file)
  const elsewhere = [`--user-data-dir=${studio.userData}-2`, `--library=${studio.library}-2`, file]
  const { page } = await openApp(studio, { args: elsewhere })
  await expect(progressOf(page)).toContainText('30 of 30')
  await showView(page, 'Runs')
  await expect(
    page.getByRole('grid', { name: 'Runs' }).getByRole('row', { name: /valley/ }),
  ).toHaveCount(1)
})

test('charts are saved at the size of print, as the command line makes them', async ({
  studio,
}) => {
  const folder = await playWithCommandLine(studio.library, 'a', mnistText(20))
  const { app, page } = await openPlayed(studio, folder)
  const charts = page.getByTestId('charts').getByRole('heading')
  await expect(charts.first()).toBeVisible()
  const titles = await charts.allTextContents()
  const file = (name: string) => join(dirname(studio.library), name)
  // Every chart of the view can be saved, those below the fold too.
  const dialog = await openExport(page)
  const listed = dialog.getByRole('button', { name: /as SVG$/ })
  await expect(listed).toHaveCount(titles.length)
  await page.keyboard.press('Escape')

  const names = { Loss: 'loss', 'Test accuracy': 'accuracy', 'Bytes per round': 'round-bytes' }
  for (const [title, chart] of Object.entries(names))
    for (const format of ['PDF', 'SVG', 'PNG']) {
      const extension = format.toLowerCase()
      const [own, other] = [file(`${chart}.${extension}`), file(`${chart}-2.${extension}`)]
      await chooseInDialogs(app, own)
      await (await openExport(page)).getByRole('button', { name: `${title} as ${format}` }).click()
      await expect.poll(() => bytesAt(own)).toBeDefined()
      await hiso('figure', folder, '--chart', chart, '--format', extension, '--out', other)
      expect((await readFile(own)).equals(await readFile(other)), `${title} as ${format}`).toBe(
        true,
      )
    }

  await (await openExport(page)).getByRole('button', { name: 'Loss: lay out a figure' }).click()
  await expect(dialog.getByRole('img', { name: /Loss/ })).toBeVisible()
  await dialog.getByRole('radio', { name: 'Within' }).click()
  await chooseInDialogs(app, file('loss.tex'))
  await dialog.getByRole('button', { name: 'LaTeX…' }).click()
  await expect.poll(() => bytesAt(file('loss.tex'))).toBeDefined()
  expect(await readFile(file('loss.tex'), 'utf8')).toContain('\\begin{axis}')
})

test('the documentation that comes with the app is read in it, from page to page', async ({
  studio,
}) => {
  const { page } = await openApp(studio)
  await page.keyboard.press('F1')
  const dialog = page.getByRole('dialog', { name: 'Documentation' })
  await expect(dialog.getByRole('heading', { name: 'Guide to the app' })).toBeVisible()
  await dialog.getByRole('button', { name: 'Glossary', exact: true }).click()
  await expect(dialog.getByRole('cell', { name: 'gradient scalar', exact: true })).toBeVisible()
  await dialog.getByRole('button', { name: 'Wire format' }).click()
  await expect(dialog.getByRole('heading', { name: 'Wire format' })).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(dialog).toBeHidden()
})

test('several runs are added to a comparison at once', async ({ studio }) => {
  for (const seed of [1, 2, 3])
    await playWithCommandLine(studio.library, `run${seed}`, quadraticText(20), `seed=${seed}`)
  const { page } = await openApp(studio)
  await showView(page, 'Compare')
  await page.getByRole('button', { name: 'Choose runs…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Add runs to the comparison' })
  await expect(dialog.getByRole('checkbox')).toHaveCount(3)
  await dialog.getByRole('textbox', { name: 'Filter runs' }).fill('seed<3')
  await dialog.getByRole('button', { name: 'Choose all 2' }).click()
  await dialog.getByRole('button', { name: 'Add 2 runs' }).click()
  await expect(page.getByTestId('results')).toBeVisible()
  const compared = page.getByRole('complementary', { name: 'Compared runs' })
  await expect(compared).toContainText('n = 2')
  await page.getByRole('button', { name: 'Add runs…' }).click()
  await expect(dialog.getByRole('checkbox')).toHaveCount(1)
  await dialog.getByRole('checkbox').check()
  await dialog.getByRole('button', { name: 'Add 1 run' }).click()
  await expect(compared).toContainText('n = 3')
})
