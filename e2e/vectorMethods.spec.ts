/**
 * FedAvg beside HiSo: chosen in the form, run, looked at in every view, and laid over a run of
 * HiSo.
 */
import {
  chooseField,
  fieldOf,
  openConfig,
  playWithCommandLine,
  pressRun,
  showView,
  untilState,
} from './app.ts'
import { quadraticText } from './configs.ts'
import { expect, test } from './studio.ts'

test('FedAvg is run beside HiSo and compared with it, and no view takes it for a scalar-only method', async ({
  studio,
}) => {
  await playWithCommandLine(studio.library, 'scalars', quadraticText(60, 5000))
  const { page } = await openConfig(studio, quadraticText(60, 5000))
  await chooseField(page, 'method.name', 'FedAvg')
  await expect(fieldOf(page, 'method.localMomentum')).toBeVisible()
  await expect(fieldOf(page, 'method.perturbations')).toHaveCount(0)
  await expect(page.getByText('Whole models go down and up in every round')).toBeVisible()

  await pressRun(page)
  await untilState(page, 'Finished')
  await expect(page.getByText('This method sends up whole vectors', { exact: false })).toBeVisible()

  await showView(page, 'Wire')
  const message = page.getByRole('region', { name: 'Message', exact: true })
  await expect(message).toContainText('model, 20')
  await expect(page.getByLabel('What the colours mean')).toContainText('vector')
  await expect(page.getByRole('region', { name: 'Beside FedAvg' })).toContainText('Just as much')

  await showView(page, 'Lab')
  await page.getByRole('button', { name: 'Examine' }).click()
  await expect(page.getByTestId('verdict')).toContainText('There is no H to judge here')

  await showView(page, 'Runs')
  const grid = page.getByRole('grid', { name: 'Runs' })
  await expect(grid.getByRole('row', { name: /valley/ })).toHaveCount(2)
  await grid.focus()
  await page.keyboard.press('Control+a')
  await page.getByRole('button', { name: 'Compare 2' }).click()
  const results = page.getByTestId('results')
  await expect(results.getByRole('row')).toHaveCount(3)
  await expect(results.getByRole('row', { name: /^HiSo Compare with HiSo: .* 1 / })).toBeVisible()
  await expect(
    results.getByRole('row', { name: /^FedAvg Compare with FedAvg: .* 1 / }),
  ).toBeVisible()
})
