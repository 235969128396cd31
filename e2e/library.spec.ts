/** Runs of the library: opened wherever they come from, and laid over each other. */
import { dirname, join } from 'node:path'
import {
  dropOnWindow,
  openApp,
  playWithCommandLine,
  progressOf,
  showView,
  untilState,
} from './app.ts'
import { mnistText, quadraticText } from './configs.ts'
import { chooseInDialogs, expect, test } from './studio.ts'

test('three runs are compared: grouped over seeds, with a target, a baseline and what differs', async ({
  studio,
}) => {
  const config = quadraticText(60)
  await playWithCommandLine(studio.library, 'a', config)
  await playWithCommandLine(studio.library, 'b', config, 'seed=366')
  await playWithCommandLine(studio.library, 'c', config, 'method.name=decomfl')
  const { page } = await openApp(studio)
  await showView(page, 'Runs')
  const grid = page.getByRole('grid', { name: 'Runs' })
  await expect(grid.getByRole('row', { name: /valley/ })).toHaveCount(3)
  await grid.focus()
  await page.keyboard.press('Control+a')
  await page.getByRole('button', { name: 'Compare 3' }).click()

  const results = page.getByTestId('results').getByRole('row')
  await expect(results).toHaveCount(3)
  await expect(page.getByTestId('results')).toContainText('±')
  await page.getByRole('combobox', { name: 'Group by' }).click()
  await page.getByRole('option', { name: 'Every run by itself' }).click()
  await expect(results).toHaveCount(4)

  const compared = page.getByRole('complementary', { name: 'Compared runs' })
  await compared
    .getByRole('button', { name: /^Pin .* as the baseline$/ })
    .first()
    .click()
  await page.getByRole('textbox', { name: /^Target/ }).fill('1000')
  await expect(page.getByTestId('results')).toContainText('1 of 1')
  await expect(page.getByTestId('results').getByLabel('Baseline', { exact: true })).toBeVisible()

  const before = await page.getByTestId('results').textContent()
  const chart = page.getByRole('img', { name: /loss/i }).first()
  // A chart that is not drawn yet has nothing to zoom.
  await expect(async () => {
    for (const key of ['Home', '+', '+', '+']) await chart.press(key)
    await expect(page.getByRole('button', { name: 'Show all' })).toBeVisible({ timeout: 1000 })
  }).toPass()
  expect(await page.getByTestId('results').textContent(), 'zoom changes no number').toBe(before)

  await page.getByRole('tab', { name: 'What differs' }).click()
  const differences = page.getByRole('region', { name: 'Numbers' })
  await expect(differences).toContainText('seed')
  await expect(differences).toContainText('DeComFL')
  await expect(differences).not.toContainText('participants')
})

test('names that have no room in two rows of a legend are folded, and unfolded on request', async ({
  studio,
}) => {
  const names = ['one', 'two', 'three', 'four'].map(
    (which) => `a name that says at length what is particular about this run: ${which}`,
  )
  for (const [at, name] of names.entries())
    await playWithCommandLine(studio.library, `run${at}`, quadraticText(20), `name="${name}"`)
  const { app, page } = await openApp(studio)
  await app.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()[0]?.setBounds({ x: 0, y: 0, width: 1024, height: 640 }),
  )
  await showView(page, 'Runs')
  const grid = page.getByRole('grid', { name: 'Runs' })
  await expect(grid.getByRole('row', { name: /a name/ })).toHaveCount(names.length)
  await grid.focus()
  await page.keyboard.press('Control+a')
  await page.getByRole('button', { name: 'Compare 4' }).click()
  await page.getByRole('combobox', { name: 'Group by' }).click()
  await page.getByRole('option', { name: 'Every run by itself' }).click()

  const entries = page.locator('[data-entry]')
  await expect(entries).toHaveCount(names.length + 1)
  await expect(entries.first()).toBeVisible()
  await expect(entries.last()).toBeHidden()
  await page.getByRole('button', { name: /\d more names$/ }).click()
  await expect(entries.last()).toBeVisible()
  await page.getByRole('button', { name: /fewer names$/ }).click()
  await expect(entries.last()).toBeHidden()
})

test('a run that the command line made is opened: dropped as a folder, chosen in a dialog, named at the start', async ({
  studio,
}) => {
  const elsewhere = join(dirname(studio.library), 'elsewhere')
  const folder = await playWithCommandLine(elsewhere, 'dropped', mnistText(12))
  const other = await playWithCommandLine(elsewhere, 'chosen', quadraticText(34))
  const first = await openApp(studio)
  await dropOnWindow(first.page, folder)
  await expect(first.page.getByRole('main', { name: 'Watch' })).toBeVisible()
  await untilState(first.page, 'Finished')
  await expect(progressOf(first.page)).toContainText('12 of 12')
  await expect(first.page.getByTestId('figures')).toContainText('Accuracy')
  await showView(first.page, 'Wire')
  await expect(first.page.getByRole('region', { name: 'Messages' })).toContainText('messages')

  await chooseInDialogs(first.app, other)
  await first.page.keyboard.press('Control+Shift+o')
  await expect(progressOf(first.page)).toContainText('34 of 34')
  await first.app.close()

  const second = await openApp(studio, { args: [folder] })
  await expect(progressOf(second.page)).toContainText('12 of 12')
})

test('the list is sorted with the keyboard', async ({ studio }) => {
  await playWithCommandLine(studio.library, 'a', quadraticText(20))
  const { page } = await openApp(studio)
  await showView(page, 'Runs')
  const grid = page.getByRole('grid', { name: 'Runs' })
  await expect(grid.getByRole('row', { name: /valley/ })).toHaveCount(1)
  const heading = (name: string) => grid.getByRole('columnheader', { name })
  await grid.focus()
  await page.keyboard.press('Tab')
  await expect(heading('Started').getByRole('button')).toBeFocused()
  await page.keyboard.press('Home')
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('Enter')
  await expect(heading('Method')).toHaveAttribute('aria-sort', 'ascending')
  await page.keyboard.press('Enter')
  await expect(heading('Method')).toHaveAttribute('aria-sort', 'descending')
  await page.keyboard.press('ArrowDown')
  await expect(grid).toBeFocused()
})

test('a filter finds, a title and tags are kept, and a deleted run is gone', async ({ studio }) => {
  await playWithCommandLine(studio.library, 'a', quadraticText(20))
  await playWithCommandLine(studio.library, 'b', quadraticText(20), 'method.hessian.nu=0.5')
  const { app, page } = await openApp(studio)
  await showView(page, 'Runs')
  const rows = page.getByRole('grid', { name: 'Runs' }).getByRole('row', { name: /valley|famous/ })
  await expect(rows).toHaveCount(2)
  const filter = page.getByRole('textbox', { name: 'Filter runs' })
  await filter.fill('nu>0.1')
  await expect(rows).toHaveCount(1)
  await rows.first().click()
  const about = page.getByRole('complementary', { name: 'About this run' })
  await about.getByLabel('Name').fill('famous')
  await about.getByLabel(/^Tags/).fill('paper')
  await about.getByLabel(/^Notes/).fill('worth another look')
  await filter.fill('tag:paper')
  await expect(rows).toHaveCount(1)
  await expect(rows.first()).toContainText('famous')
  await filter.fill('nonsense<')
  await expect(page.getByText(/\d of 2 runs/).or(page.locator('#filter-problem'))).toBeVisible()
  await filter.fill('')
  await expect(rows).toHaveCount(2)

  await app.evaluate(({ shell }) => {
    const { rmSync } = process.mainModule!.require('node:fs') as {
      rmSync(path: string, options: object): void
    }
    const remove = (path: string) => Promise.resolve(rmSync(path, { recursive: true }))
    Object.assign(shell, { trashItem: remove })
  })
  await rows.filter({ hasText: 'famous' }).click()
  await page.keyboard.press('Delete')
  await page.getByRole('dialog').getByRole('button', { name: 'Move to trash' }).click()
  await expect(rows).toHaveCount(1)
  await expect(rows.first()).toContainText('valley')
})
