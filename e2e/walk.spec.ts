/** A round is walked through, forward to its end and back, with the numbers of the run. */
import { openPlayed, playWithCommandLine, showView } from './app.ts'
import { mnistText, quadraticText } from './configs.ts'
import { expect, test } from './studio.ts'

test('a walk goes forward to the next state and back, by keys', async ({ studio }) => {
  const folder = await playWithCommandLine(studio.library, 'valley', quadraticText(20))
  const { page } = await openPlayed(studio, folder)
  await showView(page, 'Walk')
  const main = page.getByRole('main', { name: 'Walk' })
  const heading = main.getByRole('heading', { level: 2 }).last()
  await expect(heading).toHaveText('Everybody holds the same state')
  await studio.screenshot(page, 'walk-first')
  const titles: string[] = []
  const slider = main.getByRole('slider', { name: 'Step of the round' })
  const last = Number(await slider.getAttribute('max'))
  for (let step = 0; step < last; step++) {
    titles.push((await heading.textContent()) ?? '')
    await page.keyboard.press('ArrowRight')
    await expect(slider).toHaveValue(String(step + 1))
  }
  await expect(heading).toHaveText('Everybody holds the next state')
  expect(titles).toContain('The Hessian reshapes the direction')
  expect(titles).toContain('The reply goes up')
  for (let step = last - 1; step >= 0; step--) {
    await page.keyboard.press('ArrowLeft')
    await expect(slider).toHaveValue(String(step))
    await expect(heading).toHaveText(titles[step]!)
  }
})

test('the minibatch of a step are the real pictures, and formulas are mathematics', async ({
  studio,
}) => {
  const folder = await playWithCommandLine(studio.library, 'digits', mnistText(12))
  const { page } = await openPlayed(studio, folder)
  await showView(page, 'Walk')
  const main = page.getByRole('main', { name: 'Walk' })
  const heading = main.getByRole('heading', { level: 2 }).last()
  await expect(heading).toHaveText('Everybody holds the same state')
  const reach = async (title: string) => {
    await expect(async () => {
      if ((await heading.textContent()) !== title) await page.keyboard.press('ArrowRight')
      await expect(heading).toHaveText(title, { timeout: 200 })
    }).toPass()
  }
  await reach('The client takes a minibatch of its own data')
  await expect(main.getByRole('img', { name: /^A picture of class/ })).toHaveCount(8)
  await studio.screenshot(page, 'walk-minibatch')
  await reach('It draws a random direction from the seed')
  await expect(main.getByRole('img', { name: /The direction as a picture/ })).toBeVisible()
  await studio.screenshot(page, 'walk-direction')
  await reach('One number remains')
  await expect(main.locator('math').first()).toBeVisible()
  await studio.screenshot(page, 'walk-scalar')
  await reach('The reply goes up')
  await studio.screenshot(page, 'walk-reply')
  await reach('The Hessian learns from the same scalars')
  await studio.screenshot(page, 'walk-hessian')
})
