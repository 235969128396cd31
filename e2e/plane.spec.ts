/** The plane: a run's own path, a slice through its loss, and a valley that is dragged. */
import { openPlayed, playWithCommandLine, showView } from './app.ts'
import { violationsOf } from './axe.ts'
import { quadraticText } from './configs.ts'
import { expect, test } from './studio.ts'

test('the plane shows the path of a run, and of two methods in a valley that is dragged', async ({
  studio,
}) => {
  const folder = await playWithCommandLine(studio.library, 'valley', quadraticText(20))
  const { page } = await openPlayed(studio, folder)
  await showView(page, 'Walk')
  const main = page.getByRole('main', { name: 'Walk' })
  await main.getByRole('button', { name: 'Plane' }).click()
  const picture = main.getByRole('img', { name: /^The plane .* after 20 rounds/ })
  await expect(picture).toBeVisible()
  await studio.screenshot(page, 'plane-run')
  await main.getByRole('radio', { name: 'A slice' }).click()
  const slice = main.getByRole('img', { name: /^A slice through the loss .* after 20 rounds/ })
  await expect(slice).toBeVisible()
  await studio.screenshot(page, 'plane-slice')
  await main.getByRole('combobox', { name: 'What spans the plane' }).click()
  await page.getByRole('option', { name: 'Two probes of round 20' }).click()
  await expect(main.getByText('x + μz₂')).toBeVisible()
  await main.getByRole('radio', { name: 'A valley to drag' }).click()
  await expect(main.getByRole('img', { name: /DeComFL and HiSo/ })).toBeVisible()
  await studio.screenshot(page, 'plane-valley')
  const steepness = main.getByRole('slider', { name: 'Condition number' })
  await steepness.focus()
  const contour = main.locator('svg ellipse').first()
  const before = await contour.getAttribute('ry')
  for (let press = 0; press < 20; press++) await page.keyboard.press('ArrowRight')
  await expect.poll(() => contour.getAttribute('ry')).not.toBe(before)
  expect(await violationsOf(page)).toEqual([])
  await studio.screenshot(page, 'plane-steep')
})
