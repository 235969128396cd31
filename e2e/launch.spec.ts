/** Starting the app: fast, and as it was left. */
import { cpus, loadavg } from 'node:os'
import { resolve } from 'node:path'
import { askShell, untilReady } from './bare.ts'
import { expect, test, type Launched } from './studio.ts'

/** From the start of the process until the page has mounted and painted, in milliseconds. */
async function interactiveMs({ page, startedAt }: Launched): Promise<number> {
  type Description = { readonly startedAt: number; readonly interactiveMs?: number }
  let mounted = 0
  await expect(async () => {
    const found = await askShell<Description>(page, 'describe')
    expect(found.interactiveMs).toBeDefined()
    mounted = found.startedAt + (found.interactiveMs ?? 0)
  }).toPass()
  const painted = await page.evaluate(() => {
    const [paint] = performance.getEntriesByName('first-contentful-paint')
    return performance.timeOrigin + (paint?.startTime ?? 0)
  })
  return Math.round(Math.max(mounted, painted) - startedAt)
}

const alone = { tag: '@alone' }
test(
  'the window is interactive in under two seconds after its start',
  alone,
  async ({ studio }) => {
    const isBusy = () => loadavg()[0]! > 1.5 * cpus().length
    const wasBusy = isBusy()
    const times: number[] = []
    // The first start after a build reads everything from disk; the best of three is what a person
    // has day by day.
    for (let start = 0; start < 3; start++) {
      const launched = await studio.launch()
      times.push(await interactiveMs(launched))
      await launched.app.close()
    }
    console.log(`  interactive after ${times.join(', ')} ms (load ${loadavg()[0]!.toFixed(1)})`)
    test.skip(
      wasBusy || isBusy(),
      'other programs are taking this machine: the time would be theirs',
    )
    expect(Math.min(...times)).toBeLessThan(2000)
  },
)

test('the window comes back where it was, with its zoom', async ({ studio }) => {
  const place = { x: 120, y: 90, width: 1200, height: 720 }
  const placeOf = ({ app }: Launched) =>
    app.evaluate(({ BrowserWindow }) => {
      const [window] = BrowserWindow.getAllWindows()
      return { bounds: window?.getBounds(), zoom: window?.webContents.getZoomLevel() }
    })
  const first = await studio.launch()
  // The display places a window when it is shown: a move before that has no effect.
  const isShown = () =>
    first.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isVisible())
  await expect.poll(isShown).toBe(true)
  await first.app.evaluate(({ BrowserWindow, Menu }, bounds) => {
    BrowserWindow.getAllWindows()[0]?.setBounds(bounds)
    Menu.getApplicationMenu()?.getMenuItemById('zoom.in')?.click()
  }, place)
  await expect.poll(() => placeOf(first)).toEqual({ bounds: place, zoom: 0.5 })
  await first.app.close()

  const second = await studio.launch()
  await expect.poll(() => placeOf(second)).toEqual({ bounds: place, zoom: 0.5 })
})

test('the window can be no smaller than its contents need', async ({ launched: { app } }) => {
  const size = await app.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()[0]?.getMinimumSize(),
  )
  expect(size).toEqual([1024, 640])
})

test('the theme is what its user has chosen, on the next start too', async ({ studio }) => {
  const first = await studio.launch()
  await askShell(first.page, 'setTheme', 'dark')
  const isDark = () => matchMedia('(prefers-color-scheme: dark)').matches
  await expect.poll(() => first.page.evaluate(isDark)).toBe(true)
  await first.app.close()
  const second = await studio.launch()
  await expect.poll(() => second.page.evaluate(isDark)).toBe(true)
})

test('a second start hands its files to the first and ends', async ({ studio }) => {
  const { page } = await studio.launch({ bare: true })
  await untilReady(page)
  const code = await studio.launchBeside({
    bare: true,
    args: ['resources/presets/quickstart.yaml'],
  })
  expect(code).toBe(0)
  const told = () => page.evaluate('window.bare.told.filter(([name]) => name === "fileOpened")')
  await expect
    .poll(told)
    .toMatchObject([['fileOpened', { path: resolve('resources/presets/quickstart.yaml') }]])
})
