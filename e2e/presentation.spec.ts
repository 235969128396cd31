/** The lecture hall: legible from the back of a room, and gone with Escape. */
import { openPlayed, playWithCommandLine, showView } from './app.ts'
import { violationsOf } from './axe.ts'
import { mnistText } from './configs.ts'
import { expect, test } from './studio.ts'

/** Text that is smaller on a screen than 20 of its pixels. */
const smallTexts = () => {
  const small: string[] = []
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const text = node.textContent?.trim() ?? ''
    const parent = node.parentElement
    if (text === '' || parent === null) continue
    const range = document.createRange()
    range.selectNodeContents(node)
    const box = range.getBoundingClientRect()
    const isSeen =
      box.width > 1 &&
      box.height > 1 &&
      parent.checkVisibility({ visibilityProperty: true, opacityProperty: true }) &&
      parent.closest('.sr-only') === null
    if (!isSeen) continue
    const svg = parent.closest('svg')
    const scale = svg?.viewBox.baseVal?.width
      ? Math.min(
          svg.clientWidth / svg.viewBox.baseVal.width,
          svg.clientHeight / svg.viewBox.baseVal.height,
        )
      : 1
    // Sub- and superscripts of mathematics are smaller by their nature.
    if (parent.closest('math') !== null) continue
    const size = Number.parseFloat(getComputedStyle(parent).fontSize) * scale * devicePixelRatio
    if (size < 19.9) small.push(`${text.slice(0, 40)} (${size.toFixed(1)})`)
  }
  return small
}

test('no text is smaller than 20 pixels on a projector of 1280 × 720', async ({ studio }) => {
  const folder = await playWithCommandLine(studio.library, 'digits', mnistText(12))
  const { app, page } = await openPlayed(studio, folder)
  const resize = (width: number, height: number) =>
    app.evaluate(
      ({ BrowserWindow }, size) => {
        const [window] = BrowserWindow.getAllWindows()
        // There is no window manager here to make it fill a screen.
        window!.setContentBounds({ x: 0, y: 0, ...size })
      },
      { width, height },
    )
  await page.keyboard.press('F11')
  await resize(1280, 720)
  await expect(page.getByTestId('lecture-figures')).toBeVisible()
  await expect.poll(() => page.evaluate(() => innerWidth)).toBe(880)
  expect(await page.evaluate(smallTexts)).toEqual([])
  await studio.screenshot(page, 'presentation-watch')
  expect(await violationsOf(page)).toEqual([])
  // Charts have the pixels of the screen.
  const sharpness = await page
    .locator('canvas')
    .first()
    .evaluate((canvas) => (canvas as HTMLCanvasElement).width / canvas.clientWidth)
  expect(sharpness).toBeCloseTo(1280 / 880, 1)
  await page.keyboard.press('PageDown')
  await studio.screenshot(page, 'presentation-chart')
  await expect(page.getByTestId('charts').locator('section:visible')).toHaveCount(1)
  await page.keyboard.press('PageUp')
  await page.keyboard.press('Control+9')
  await expect(page.getByRole('main', { name: 'Walk' }).getByRole('heading').last()).toBeVisible()
  expect(await page.evaluate(smallTexts)).toEqual([])
  await studio.screenshot(page, 'presentation-walk')
  await resize(1920, 1080)
  await expect.poll(() => page.evaluate(() => innerWidth)).toBe(880)
  await page.keyboard.press('Escape')
  await expect(page.getByRole('navigation', { name: 'Views' })).toBeVisible()
  await showView(page, 'Watch')
})
