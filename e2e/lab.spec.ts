/**
 * The Hessian lab: Examine is pressed, and the verdict, the charts and the tables of the state are
 * there.
 */
import { openPlayed, playWithCommandLine, showView } from './app.ts'
import { quadraticText } from './configs.ts'
import { expect, test } from './studio.ts'

test('the H of a run is examined: from Examine to its verdict, and the figures as a file', async ({
  studio,
}) => {
  const folder = await playWithCommandLine(studio.library, 'valley', quadraticText(300))
  const { page } = await openPlayed(studio, folder)
  await showView(page, 'Lab')
  await page.getByRole('textbox', { name: /^Rounds to look at/ }).fill('0, last')
  await page.getByRole('button', { name: 'Examine' }).click()

  const verdict = page.getByTestId('verdict')
  await expect(verdict).toContainText('this task has a formula')
  const learned = await verdict.getByRole('heading').textContent()
  await expect(
    page.getByRole('region', { name: 'Learned H against the true diagonal' }).locator('canvas'),
  ).not.toHaveCount(0)

  // At the start H is 1 everywhere: another verdict.
  await page.getByRole('radio', { name: 'Start' }).click()
  await expect(verdict.getByRole('heading')).not.toHaveText(learned!)
})
