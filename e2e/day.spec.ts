/** A researcher's day: runs with names, used again, compared honestly, played in batches. */
import type { Page } from '@playwright/test'
import {
  openApp,
  openConfig,
  playWithCommandLine,
  pressRun,
  progressOf,
  showView,
  untilRounds,
  untilState,
} from './app.ts'
import { quadraticText } from './configs.ts'
import { expect, test } from './studio.ts'

/** A grid as a batch leaves it: two methods, two rates, two seeds. */
async function playGrid(library: string): Promise<void> {
  for (const rate of [0.05, 0.1])
    for (const seed of [1, 2]) {
      const play = (method: string) =>
        playWithCommandLine(
          library,
          `${method}-${rate}-${seed}`,
          quadraticText(60),
          `method.name=${method}`,
          `method.learningRate=${rate}`,
          `seed=${seed}`,
        )
      await Promise.all(['hiso', 'decomfl'].map(play))
    }
}

async function compareAll(page: Page, count: number): Promise<void> {
  await showView(page, 'Runs')
  const grid = page.getByRole('grid', { name: 'Runs' })
  await expect(grid.getByRole('row', { name: /valley/ })).toHaveCount(count)
  await grid.focus()
  await page.keyboard.press('Control+a')
  await page.getByRole('button', { name: `Compare ${count}` }).click()
}

test('runs are called by what makes them differ, and the newest is there after a start', async ({
  studio,
}) => {
  await playGrid(studio.library)
  const { page } = await openApp(studio)
  const onScreen = page.getByRole('button', { name: /^Run on screen/ })
  await expect(onScreen).toContainText(/valley · (HiSo|DeComFL) · η 0.1 · seed 2/)

  await showView(page, 'Runs')
  const grid = page.getByRole('grid', { name: 'Runs' })
  const heading = (name: string) => grid.getByRole('columnheader', { name, exact: true })
  await expect(heading('Learning rate η')).toBeVisible()
  await expect(heading('Seed')).toBeVisible()
  await expect(heading('Concentration α')).toHaveCount(0)
  await heading('Test loss').getByRole('button').click()
  await expect(heading('Test loss')).toHaveAttribute('aria-sort', 'ascending')
  await studio.screenshot(page, 'day-runs')

  await page.getByRole('textbox', { name: 'Filter runs' }).fill('decomfl')
  await expect(grid.getByRole('row', { name: /DeComFL/ })).toHaveCount(4)
  await expect(grid.getByRole('row', { name: /HiSo/ })).toHaveCount(0)

  await page.getByRole('button', { name: 'Choose columns' }).click()
  await page.getByRole('textbox', { name: 'Find a setting' }).fill('perturb')
  await page.getByRole('checkbox', { name: /Perturbations P/ }).check()
  await page.keyboard.press('Escape')
  await expect(heading('Perturbations P')).toBeVisible()
})

test('a run is used again: continued, forked, run with another value, put into the form', async ({
  studio,
}) => {
  const { app, page } = await openConfig(studio, quadraticText(60))
  await pressRun(page)
  await untilState(page, 'Finished')
  const reuse = async (entry: string) => {
    await page.getByRole('button', { name: 'Reuse' }).click()
    await page.getByRole('menuitem', { name: entry }).click()
    return page.getByRole('dialog')
  }

  await reuse('Cite (copy BibTeX)')
  await expect
    .poll(() => app.evaluate(({ clipboard }) => clipboard.readText()))
    .toMatch(/@software\{hiso_studio[\s\S]*author {8}= \{Li, Zhe/)

  const more = await reuse('Continue for more rounds…')
  await more.getByRole('textbox', { name: 'Rounds to add' }).fill('20')
  await studio.screenshot(page, 'day-continue')
  await more.getByRole('button', { name: 'Continue', exact: true }).click()
  await expect(progressOf(page)).toContainText('80 of 80')
  await untilState(page, 'Finished')

  const fork = await reuse('Fork at a round…')
  await fork.getByRole('textbox', { name: 'Fork after round' }).fill('30')
  await fork.getByRole('textbox', { name: 'Learning rate η' }).fill('0.01')
  await fork.getByRole('button', { name: 'Fork', exact: true }).click()
  await expect(
    page.getByRole('button', { name: /^Run on screen: valley .*forked after 30 · η 0.01/ }),
  ).toBeVisible()
  await expect(progressOf(page)).toContainText('60 of 60')

  const again = await reuse('Run again with…')
  await again.getByRole('textbox', { name: 'Seed' }).fill('9')
  await studio.screenshot(page, 'day-again')
  await again.getByRole('button', { name: 'Run again' }).click()
  await expect(page.getByRole('button', { name: /^Run on screen: valley .*seed 9/ })).toBeVisible()

  await page.getByRole('button', { name: 'Reuse' }).click()
  await page.getByRole('menuitem', { name: 'Configure from this run' }).click()
  await expect(page.getByRole('main', { name: 'Configure' })).toBeVisible()
  const form = page.getByRole('toolbar', { name: 'Configuration' })
  await expect(form).toContainText('seed 9')

  await showView(page, 'Runs')
  const rail = page.getByRole('navigation', { name: 'Views' })
  await page
    .getByRole('row', { name: /forked after 30/ })
    .dragTo(rail.getByRole('button', { name: 'Configure', exact: true }))
  await expect(page.getByRole('main', { name: 'Configure' })).toBeVisible()
  await expect(form).toContainText('forked after 30')
  await expect(page.getByRole('region', { name: 'Notices' })).toContainText(
    'Configure holds the settings of',
  )
})

test('one press is one run, and what is running already asks', async ({ studio }) => {
  const { page } = await openConfig(studio, quadraticText(200_000))
  await page.getByTestId('run').dblclick()
  await untilRounds(page, 50)
  await page.keyboard.press('F5')
  await expect(page.getByRole('region', { name: 'Notices' })).toContainText('is running already')
  await page.keyboard.press('Shift+F5')
  await untilState(page, 'Stopped')
  await showView(page, 'Runs')
  await expect(page.getByRole('grid', { name: 'Runs' }).getByRole('row')).toHaveCount(2)

  await page.getByRole('button', { name: 'Other ways to start' }).click()
  await page.getByRole('menuitem', { name: /Start paused/ }).click()
  await expect(page.getByRole('banner')).toContainText('Paused')
  await expect(progressOf(page)).toContainText('0 of')
  await page.getByRole('button', { name: 'Continue' }).click()
  await untilRounds(page, 10)
  await page.keyboard.press('Shift+F5')
})

test('a comparison of many says what it has: medians, pairs, a sweep, a sentence', async ({
  studio,
}) => {
  await playGrid(studio.library)
  const { page } = await openApp(studio)
  await compareAll(page, 8)
  const results = page.getByTestId('results')
  await expect(results.getByRole('row')).toHaveCount(5)
  await expect(results).toContainText('HiSo · η 0.05')
  await results.getByRole('row', { name: /DeComFL · η 0.1/ }).hover()
  await results.getByRole('button', { name: /DeComFL · η 0.1: pin it/ }).click()
  await expect(results.getByLabel('Baseline', { exact: true })).toBeVisible()
  await results.getByRole('button', { name: 'Best', exact: true }).click()
  await expect(results.getByRole('columnheader', { name: 'Best' })).toHaveAttribute(
    'aria-sort',
    'ascending',
  )
  await studio.screenshot(page, 'day-compare')

  const view = (name: string) =>
    page.getByRole('toolbar', { name: 'Comparison' }).getByText(name, { exact: true })
  await view('One each').click()
  await expect(page.getByTestId('multiples').getByRole('img')).toHaveCount(4)
  await studio.screenshot(page, 'day-multiples')
  await view('Sweep').click()
  await expect(page.getByTestId('sweep')).toContainText('Learning rate η')
  await expect(page.getByTestId('sweep')).toContainText('best:')
  await studio.screenshot(page, 'day-sweep')

  await page.getByRole('combobox', { name: 'Group by' }).click()
  await page.getByRole('option', { name: 'Method' }).click()
  await expect(page.getByRole('complementary', { name: 'Compared runs' })).toContainText('pools')
  await expect(page.getByTestId('verdict')).toContainText('test loss: ')
})

test('a batch tells the truth: what is there already, how far it is, and what was stopped', async ({
  studio,
}) => {
  await playWithCommandLine(studio.library, 'a', quadraticText(60), 'seed=1')
  const { page } = await openConfig(studio, quadraticText(60))
  await showView(page, 'Batch')
  await page.getByRole('textbox', { name: 'Seeds' }).fill('1..3')
  await expect(page.getByTestId('forecast')).toContainText(/About/)
  await page.getByText('1 of these 3 runs is in the library already').click()
  await page.getByText('1 of these 3 runs is in the library already').click()
  await page.getByRole('button', { name: 'Queue and run' }).click()
  await expect(page.getByTestId('batch-left')).toContainText('100 %')
  await expect(page.getByRole('list', { name: 'Runs of the batch' })).toContainText('3 of 3 done')
  await studio.screenshot(page, 'day-batch')

  // The other kind of batch: which rate suits each method, with equal effort.
  await page.getByRole('radio', { name: 'Learning rates' }).click()
  await page.getByRole('textbox', { name: 'Learning rates' }).fill('0.02, 0.05, 0.1, 1000')
  const search = page.getByRole('region', { name: 'Search' })
  await page.getByRole('button', { name: 'Search', exact: true }).click()
  const found = search.getByRole('row', { name: /DeComFL/ })
  await expect(found).toContainText('1 of 4')
  await expect(page.getByTestId('search-forecast')).toHaveText('All of it was played.')
  await expect(search.getByText('best at the end')).toBeVisible()
  await studio.screenshot(page, 'day-search')
  const rate = await found.getByRole('cell').first().innerText()
  await found.getByRole('button', { name: /^Use DeComFL/ }).click()
  await expect(page.getByRole('textbox', { name: /^Learning rate/ })).toHaveValue(rate)
  await expect(page.getByRole('combobox', { name: 'Method' })).toContainText('DeComFL')
})
