/**
 * docs/images: the welcome, the quickstart in Watch and Wire, light and dark, and two methods
 * compared over seeds.
 */
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { hiso, openApp, showView, untilState } from '../app.ts'
import { askShell } from '../bare.ts'
import { repository } from '../repository.ts'
import { expect, test, type Launched } from '../studio.ts'

const size = { width: 1600, height: 1000 }

async function dress({ app, page }: Launched, theme: 'light' | 'dark'): Promise<void> {
  await askShell(page, 'setTheme', theme)
  await app.evaluate(
    ({ BrowserWindow }, bounds) => BrowserWindow.getAllWindows()[0]?.setBounds(bounds),
    { x: 0, y: 0, ...size },
  )
  await expect.poll(() => page.evaluate(() => innerWidth)).toBe(size.width)
  await expect(page.locator('html')).toHaveAttribute('data-theme', theme)
}

/** Takes the picture once two in a row are alike: every chart is drawn and nothing moves. */
async function takePicture(page: Page, name: string): Promise<void> {
  await page.mouse.move(size.width - 4, size.height / 2)
  const path = join(repository, 'docs', 'images', `${name}.png`)
  let last = await page.screenshot()
  await expect(async () => {
    const before = last
    await page.waitForTimeout(1000)
    last = await page.screenshot({ path })
    expect(last.equals(before)).toBe(true)
  }).toPass()
}

test('the welcome', async ({ studio }) => {
  const launched = await studio.launch()
  await dress(launched, 'light')
  await expect(launched.page.getByRole('dialog', { name: 'Welcome to HiSo Studio' })).toBeVisible()
  // What lies behind it is read first.
  await expect(launched.page.getByText('No run yet')).toBeVisible()
  await expect(launched.page.getByText('linear.bias')).toBeVisible()
  await takePicture(launched.page, 'welcome')
})

test('the quickstart, watched and byte by byte', async ({ studio }) => {
  const folder = join(studio.library, 'quickstart')
  await hiso('run', 'quickstart', '--out', folder)
  const launched = await openApp(studio, { args: [folder] })
  const { page } = launched
  await untilState(page, 'Finished')
  for (const theme of ['light', 'dark'] as const) {
    await dress(launched, theme)
    await showView(page, 'Watch')
    await expect(page.getByText('Effective rank', { exact: true })).toBeVisible()
    // Two pictures that are alike may both be of charts that wait for the log.
    await expect(page.getByText(/(read|rebuilt) from the log/)).toHaveCount(0)
    await takePicture(page, `watch-${theme}`)
    await showView(page, 'Wire')
    await expect(page.getByRole('region', { name: 'Messages' })).toContainText('messages')
    await takePicture(page, `wire-${theme}`)
  }
})

test('HiSo and DeComFL compared, five seeds each', async ({ studio }) => {
  for (const method of ['hiso', 'decomfl'])
    for (let seed = 1; seed <= 5; seed++)
      await hiso(
        ...['run', 'fashion-hiso-vs-decomfl', '--out', join(studio.library, `${method}-${seed}`)],
        ...['--set', `method.name=${method}`, '--set', `seed=${seed}`],
      )
  const launched = await openApp(studio)
  const { page } = launched
  await showView(page, 'Compare')
  await page.getByRole('button', { name: 'Choose runs…' }).click()
  await page.getByRole('button', { name: 'Choose all 10' }).click()
  await page.getByRole('button', { name: 'Add 10 runs' }).click()
  await expect(page.getByRole('complementary', { name: 'Compared runs' })).toContainText('n = 5')
  await page.getByRole('button', { name: 'Pin DeComFL as the baseline' }).click()
  for (const theme of ['light', 'dark'] as const) {
    await dress(launched, theme)
    await takePicture(page, `compare-${theme}`)
  }
})
