/** Links: copied here, opened by a second start there, refused when anything is wrong with them. */
import { openApp, openConfig, showView } from './app.ts'
import { violationsOf } from './axe.ts'
import { quadraticText } from './configs.ts'
import { chooseInMenu, expect, test, type Launched } from './studio.ts'

/** What the app has put on the clipboard. */
async function copied({ app }: Launched): Promise<string> {
  let text = ''
  await expect
    .poll(async () => (text = await app.evaluate(({ clipboard }) => clipboard.readText())))
    .toMatch(/^hiso:/)
  return text
}

test('a link that was copied is opened by a second start, which asks first', async ({ studio }) => {
  const launched = await openConfig(studio, quadraticText(77))
  const { app, page } = launched
  await chooseInMenu(app, 'copyLink')
  const link = await copied(launched)
  expect(link.length).toBeLessThan(2000)
  const rounds = page.getByRole('textbox', { name: /^Rounds/ })
  await rounds.fill('5')
  expect(await studio.launchBeside({ args: [link] })).toBe(0)
  const dialog = page.getByRole('dialog', { name: 'Open this link?' })
  await expect(dialog).toContainText('federation.rounds')
  await studio.screenshot(page, 'link')
  expect(await violationsOf(page)).toEqual([])
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  await expect(rounds).toHaveValue('5')
  expect(await studio.launchBeside({ args: [link] })).toBe(0)
  await dialog.getByRole('button', { name: 'Open' }).click()
  await expect(rounds).toHaveValue('77')
  await page.keyboard.press('Control+z')
  await page.keyboard.press('Control+z')
  await expect(rounds).toHaveValue('5')
})

test('a link brings the page of a lesson', async ({ studio }) => {
  const launched = await openApp(studio)
  const { app, page } = launched
  await showView(page, 'Lessons')
  await page.getByRole('button', { name: 'Begin Why scalars are enough' }).click()
  const lesson = page.getByRole('complementary', { name: /^Lesson:/ })
  await expect(lesson).toContainText('1 of ')
  await page.keyboard.press('PageDown')
  await expect(lesson).toContainText('2 of ')
  await chooseInMenu(app, 'copyLink')
  const link = await copied(launched)
  await lesson.getByRole('button', { name: 'Leave the lesson' }).click()
  expect(await studio.launchBeside({ args: [link] })).toBe(0)
  const dialog = page.getByRole('dialog', { name: 'Open this link?' })
  await expect(dialog).toContainText('Why scalars are enough')
  await dialog.getByRole('button', { name: 'Open' }).click()
  await expect(lesson).toContainText('2 of ')
})

test('links that are cut or newer are refused with the reason', async ({ studio }) => {
  const { page } = await openApp(studio, { args: ['hiso://1/AAAAAAAA'] })
  await expect(page.getByText(/it is cut or altered/)).toBeVisible()
  expect(await studio.launchBeside({ args: ['hiso://7/AAAAAAAA'] })).toBe(0)
  await expect(page.getByText(/a newer HiSo Studio made it/)).toBeVisible()
})
