/**
 * Every view, empty and full, dark and light, small and large: nothing cut off, nothing that axe
 * objects to; pictures for people to look at.
 */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Locator, Page } from '@playwright/test'
import {
  openApp,
  openConfig,
  openRunFolder,
  playWithCommandLine,
  showView,
  viewTitles,
  writeConfig,
  type ViewTitle,
} from './app.ts'
import { violationsOf } from './axe.ts'
import { askShell } from './bare.ts'
import { languageText, mailsText, mnistText } from './configs.ts'
import { repository } from './repository.ts'
import { expect, test, type Launched } from './studio.ts'

/** Colours do not depend on the size, nor does layout on the theme: each is seen once. */
const looks = [
  { theme: 'light', size: [1920, 1080] },
  { theme: 'dark', size: [1024, 640] },
] as const
type Look = (typeof looks)[number]

const screens = join(repository, 'test-results', 'screens')

/** A window of this size with this theme, and its charts drawn anew. */
async function dress({ app, page }: Launched, { theme, size }: Look): Promise<void> {
  const [width, height] = size
  await askShell(page, 'setTheme', theme)
  await app.evaluate(
    ({ BrowserWindow }, bounds) => BrowserWindow.getAllWindows()[0]?.setBounds(bounds),
    { x: 0, y: 0, width, height },
  )
  await expect.poll(() => page.evaluate(() => innerWidth)).toBe(width)
  await expect(page.locator('html')).toHaveAttribute('data-theme', theme)
  await settle(page)
}

/**
 * Waits until what is on screen has come to rest: no request in the air, no animation, two frames
 * alike.
 */
async function settle(page: Page): Promise<void> {
  await expect(
    page.getByText(
      /Playing (one round|round \d+ again)|measuring again|Measuring…|Reading the (round|library)…/,
    ),
  ).toHaveCount(0, {
    timeout: 30_000,
  })
  await page.evaluate(async () => {
    const moving = () =>
      document
        .getAnimations()
        .filter((it) => it.effect?.getComputedTiming().iterations !== Infinity)
    await Promise.all(moving().map((it) => it.finished.catch(() => {})))
    for (let frame = 0; frame < 3; frame++) await new Promise(requestAnimationFrame)
  })
}

/** Controls that a person can't reach or read, as sentences. */
function flawsOf(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const nameOf = (element: Element) =>
      `${element.tagName.toLowerCase()} "${(element.getAttribute('aria-label') ?? element.textContent ?? '').trim().slice(0, 40)}"`
    const scrolls = (element: Element, axis: 'x' | 'y') => {
      const style = getComputedStyle(element)
      return /auto|scroll/.test(axis === 'x' ? style.overflowX : style.overflowY)
    }
    const clips = (element: Element) => /hidden|clip/.test(getComputedStyle(element).overflow)
    const flaws: string[] = []
    const { scrollWidth, scrollHeight, clientWidth, clientHeight } = document.documentElement
    if (scrollWidth > clientWidth || scrollHeight > clientHeight)
      flaws.push(`the page is ${scrollWidth}×${scrollHeight} in ${clientWidth}×${clientHeight}`)
    const controls = document.querySelectorAll(
      'button, input, textarea, [role=combobox], [role=radio], [role=tab], [role=switch], [role=slider]',
    )
    for (const control of controls) {
      if (!control.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true })) continue
      if (control.closest('.sr-only, [aria-hidden="true"]') !== null) continue
      const box = control.getBoundingClientRect()
      if (box.width < 2 || box.height < 2) continue
      // Text that does not fit and has no ellipsis is cut.
      const text = control as HTMLElement
      if (text.tagName === 'BUTTON' && text.scrollWidth > text.clientWidth + 1)
        flaws.push(`${nameOf(control)} is wider than its box`)
      let canScrollX = false
      let canScrollY = false
      let cut = ''
      for (let parent = control.parentElement; parent !== null; parent = parent.parentElement) {
        canScrollX ||= scrolls(parent, 'x')
        canScrollY ||= scrolls(parent, 'y')
        if (!clips(parent) || parent === document.documentElement) continue
        const frame = parent.getBoundingClientRect()
        if (!canScrollX && (box.left < frame.left - 1 || box.right > frame.right + 1))
          cut = 'sideways'
        if (!canScrollY && (box.top < frame.top - 1 || box.bottom > frame.bottom + 1))
          cut = 'above or below'
      }
      if (!canScrollX && (box.left < -1 || box.right > innerWidth + 1)) cut = 'sideways'
      if (!canScrollY && (box.top < -1 || box.bottom > innerHeight + 1)) cut = 'above or below'
      if (cut !== '') flaws.push(`${nameOf(control)} is cut off ${cut}`)
      if (canScrollX || canScrollY) continue
      const above = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2)
      if (above !== null && !control.contains(above) && !above.contains(control))
        flaws.push(`${nameOf(control)} is covered by ${nameOf(above)}`)
    }
    return flaws
  })
}

/** Goes through the views in both looks, and collects what is wrong with any of them. */
async function tourOf(
  launched: Launched,
  state: string,
  titles: readonly ViewTitle[] = viewTitles,
): Promise<string[]> {
  const { page } = launched
  await mkdir(screens, { recursive: true })
  const flaws: string[] = []
  for (const look of looks) {
    await dress(launched, look)
    const { theme, size } = look
    for (const title of titles) {
      await showView(page, title)
      await untilFull(page, title, state)
      await page.mouse.move(size[0] - 4, size[1] / 2)
      await settle(page)
      const name = `${title.toLowerCase()}-${state}-${theme}-${size[0]}`
      await page.screenshot({ path: join(screens, `${name}.png`) })
      flaws.push(...(await flawsOf(page)).map((flaw) => `${name}: ${flaw}`))
      flaws.push(...(await violationsOf(page)).map((flaw) => `${name}: ${flaw}`))
    }
  }
  return flaws
}

async function untilFull(page: Page, title: ViewTitle, state: string): Promise<void> {
  if (state === 'empty') return
  if (title === 'Runs')
    await expect(page.getByRole('row', { name: /digits/ }).first()).toBeVisible()
  if (title === 'Compare') await expect(page.getByTestId('results')).toBeVisible()
  if (title === 'Wire')
    await expect(page.getByRole('region', { name: 'Message', exact: true })).toContainText('client')
  if (title === 'Configure') await expect(page.getByText('Bytes per round')).toBeVisible()
  if (title === 'Configure' && state === 'language') {
    await expect(page.getByTestId('lengths')).toBeVisible()
    await expect(page.getByTestId('roles')).toBeVisible()
  }
}

test('every view without a run', async ({ studio }) => {
  test.setTimeout(180_000)
  const launched = await openApp(studio)
  expect(await tourOf(launched, 'empty')).toEqual([])
})

test('every view full of runs', async ({ studio }) => {
  test.setTimeout(240_000)
  const config = mnistText(60)
  const folder = await playWithCommandLine(studio.library, 'a', config)
  await playWithCommandLine(studio.library, 'b', config, 'seed=366')
  await playWithCommandLine(studio.library, 'c', config, 'method.name=decomfl')
  const launched = await openConfig(studio, mnistText(20))
  const { page } = launched
  await openRunFolder(launched, folder)
  await showView(page, 'Runs')
  const grid = page.getByRole('grid', { name: 'Runs' })
  await expect(grid.getByRole('row', { name: /digits/ })).toHaveCount(3)
  await grid.focus()
  await page.keyboard.press('Control+a')
  await page.getByRole('button', { name: 'Compare 3' }).click()
  await showView(page, 'Runs')
  await grid
    .getByRole('row', { name: /digits/ })
    .first()
    .click()
  await showView(page, 'Batch')
  await page.getByRole('textbox', { name: 'Seeds' }).fill('1..3')
  await page.getByRole('button', { name: 'Queue and run' }).click()
  await expect(page.getByRole('region', { name: 'Queue' })).toContainText('3 done', {
    timeout: 60_000,
  })
  expect(await tourOf(launched, 'full')).toEqual([])
})

test('the views of a language model', async ({ studio }) => {
  test.setTimeout(180_000)
  const config = languageText(await writeConfig(studio, 'mails.jsonl', mailsText()))
  const folder = await playWithCommandLine(studio.library, 'a', config)
  const launched = await openConfig(studio, config)
  const { page } = launched
  await openRunFolder(launched, folder)
  await showView(page, 'Try')
  for (const asked of [1, 2]) {
    await page.getByRole('button', { name: 'Another example' }).click()
    await page.getByRole('button', { name: 'Ask both' }).click()
    await expect(page.getByTestId('answer-after')).toBeVisible()
    await expect(page.getByTestId('earlier').locator('tbody tr')).toHaveCount(asked - 1)
  }
  expect(await tourOf(launched, 'language', ['Configure', 'Watch', 'Try'])).toEqual([])
})

test('every dialog', async ({ studio }) => {
  test.setTimeout(120_000)
  const launched = await openApp(studio)
  const { page } = launched
  await mkdir(screens, { recursive: true })
  const dialogs = [
    ['Control+n', 'presets'],
    ['Control+d', 'hub'],
    ['Control+k', 'palette'],
    ['Control+,', 'settings'],
    ['?', 'shortcuts'],
    ['F1', 'documentation'],
  ] as const
  const flaws: string[] = []
  for (const look of looks) {
    await dress(launched, look)
    for (const [keys, dialog] of dialogs) {
      await page.keyboard.press(keys)
      await expect(page.getByRole('dialog')).toBeVisible()
      await settle(page)
      const name = `${dialog}-${look.theme}-${look.size[0]}`
      await page.screenshot({ path: join(screens, `${name}.png`) })
      flaws.push(...(await violationsOf(page)).map((flaw) => `${name}: ${flaw}`))
      const fits = await page.getByRole('dialog').evaluate((it) => {
        const { left, top, right, bottom } = it.getBoundingClientRect()
        return left >= 0 && top >= 0 && right <= innerWidth && bottom <= innerHeight
      })
      if (!fits) flaws.push(`${name}: it is larger than the window`)
      await page.keyboard.press('Escape')
      await expect(page.getByRole('dialog')).toBeHidden()
    }
  }
  expect(flaws).toEqual([])
})

test('what opens above a view', async ({ studio }) => {
  const folder = await playWithCommandLine(
    studio.library,
    'a',
    mnistText(20),
    'method.perturbations=10',
  )
  const launched = await openApp(studio)
  const { page } = launched
  await openRunFolder(launched, folder)
  const opened: readonly [string, Locator, () => Promise<void>][] = [
    [
      'menu',
      page.getByRole('menu'),
      () => page.getByRole('button', { name: 'Export the run' }).click(),
    ],
    [
      'list',
      page.getByRole('listbox'),
      () => page.getByRole('combobox', { name: 'Perturbation' }).click(),
    ],
    [
      'full size',
      page.getByRole('button', { name: 'Loss: back to all charts' }),
      () => page.getByRole('button', { name: 'Loss: full size' }).click(),
    ],
    ['export', page.getByRole('dialog'), () => page.keyboard.press('Control+e')],
    [
      'nothing found',
      page.getByText('Nothing is called'),
      async () => {
        await page.keyboard.press('Control+k')
        await page.getByRole('combobox', { name: /^Find a command/ }).fill('zzz')
      },
    ],
  ]
  const flaws: string[] = []
  for (const look of looks) {
    await dress(launched, look)
    await showView(page, 'Watch')
    for (const [name, shown, open] of opened) {
      await open()
      await expect(shown).toBeVisible()
      await settle(page)
      flaws.push(...(await violationsOf(page)).map((flaw) => `${name}-${look.theme}: ${flaw}`))
      await page.keyboard.press('Escape')
      await expect(shown).toBeHidden()
    }
  }
  expect(flaws).toEqual([])
})

test('names without an end, and twice the size: everything can still be reached', async ({
  studio,
}) => {
  test.setTimeout(240_000)
  const name = `a-name-that-nobody-should-give-${'but-somebody-will-'.repeat(8)}in-the-end`
  const config = mnistText(20).replace('name: digits', `name: ${name}`)
  const folder = await playWithCommandLine(studio.library, 'a', config)
  await playWithCommandLine(studio.library, 'b', config, 'method.name=decomfl')
  const launched = await openConfig(studio, config)
  const { app, page } = launched
  await openRunFolder(launched, folder)
  await showView(page, 'Runs')
  const grid = page.getByRole('grid', { name: 'Runs' })
  await expect(grid.getByRole('row', { name: /somebody/ })).toHaveCount(2)
  await grid.focus()
  await page.keyboard.press('Control+a')
  await page.getByRole('button', { name: 'Compare 2' }).click()
  await mkdir(screens, { recursive: true })
  const flaws: string[] = []
  for (const [zoom, size] of [
    [1, [1024, 640]],
    [2, [1920, 1080]],
  ] as const) {
    await app.evaluate(
      ({ BrowserWindow }, [bounds, factor]) => {
        const [window] = BrowserWindow.getAllWindows()
        window!.setBounds(bounds)
        window!.webContents.setZoomFactor(factor)
      },
      [{ x: 0, y: 0, width: size[0], height: size[1] }, zoom] as const,
    )
    await expect.poll(() => page.evaluate(() => innerWidth)).toBe(size[0] / zoom)
    for (const title of viewTitles) {
      await showView(page, title)
      await settle(page)
      const picture = `${title.toLowerCase()}-long-${zoom}x`
      await page.screenshot({ path: join(screens, `${picture}.png`) })
      flaws.push(...(await flawsOf(page)).map((flaw) => `${picture}: ${flaw}`))
    }
  }
  expect(flaws).toEqual([])
})
