/** Try for images: a picture of the data, one that is drawn, one from a file. */
import { openPlayed, playWithCommandLine, showView } from './app.ts'
import { violationsOf } from './axe.ts'
import { mnistText } from './configs.ts'
import { expect, test } from './studio.ts'

test('a digit is drawn, and the model says what it sees, before and after', async ({ studio }) => {
  const folder = await playWithCommandLine(studio.library, 'digits', mnistText(60))
  const { page } = await openPlayed(studio, folder)
  await showView(page, 'Try')
  const main = page.getByRole('main', { name: 'Try' })
  const after = main.getByRole('region', { name: 'After' })
  await expect(after).toContainText('%')
  await expect(main.getByText(/From a client: /)).toBeVisible()
  await main.getByRole('button', { name: 'Clear' }).click()
  const before = await after.textContent()
  const sheet = main.getByRole('img', { name: /^The picture/ })
  const box = (await sheet.boundingBox())!
  await page.mouse.move(box.x + box.width / 2, box.y + box.height * 0.15)
  await page.mouse.down()
  await page.mouse.move(box.x + box.width / 2, box.y + box.height * 0.85, { steps: 12 })
  await page.mouse.up()
  await expect.poll(() => after.textContent()).not.toBe(before)
  await studio.screenshot(page, 'try-picture')
  expect(await violationsOf(page)).toEqual([])
  const png = await sheet.evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL('image/png'))
  await main.getByRole('button', { name: 'Clear' }).click()
  await main.getByLabel('A picture file').setInputFiles({
    name: 'one.png',
    mimeType: 'image/png',
    buffer: Buffer.from(png.split(',')[1]!, 'base64'),
  })
  await expect.poll(() => after.textContent()).not.toBe(before)
  await main.getByLabel('A picture file').setInputFiles({
    name: 'none.png',
    mimeType: 'image/png',
    buffer: Buffer.from('no picture'),
  })
  await expect(main.getByRole('alert')).toContainText('none.png is not an image')
})
