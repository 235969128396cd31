/** Lessons: one taken to its end by keyboard only; bad ones refused; the lecture hall's text. */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Page } from '@playwright/test'
import { hiso, openApp, showView, writeConfig } from './app.ts'
import { violationsOf } from './axe.ts'
import { repository } from './repository.ts'
import { chooseInDialogs, chooseInMenu, expect, test } from './studio.ts'

/** Presses a key until something has the focus. */
async function tabTo(page: Page, selector: string): Promise<void> {
  for (let press = 0; press < 80; press++) {
    if (await page.evaluate((it) => document.activeElement?.matches(it) ?? false, selector)) return
    await page.keyboard.press('Tab')
  }
  throw new Error(`Tab does not come to ${selector}`)
}

const pane = (page: Page) => page.getByRole('complementary', { name: /^Lesson:/ })

/** Answers the question of a page, if it has one, as a person without a pointer would. */
async function answer(page: Page): Promise<void> {
  const question = pane(page).getByRole('region', { name: 'Question' })
  if ((await question.count()) === 0) return
  if ((await question.getByRole('radio').count()) > 0) {
    await tabTo(page, 'aside input[type=radio]')
    await page.keyboard.press('Space')
    await page.keyboard.press('ArrowDown')
  } else if ((await question.locator('svg').count()) > 0) {
    await tabTo(page, 'aside svg [role=slider]')
    for (const key of ['ArrowUp', 'ArrowRight', 'ArrowUp', 'ArrowRight', 'ArrowDown'])
      await page.keyboard.press(key)
  } else {
    await tabTo(page, 'aside input[type=range]')
    for (let press = 0; press < 5; press++) await page.keyboard.press('ArrowRight')
  }
  await tabTo(page, 'aside section button')
  await page.keyboard.press('Enter')
  await expect(question.getByRole('button', { name: 'That is what I expect' })).toHaveCount(0)
  // Space has chosen, and played nothing.
  await expect(page.getByRole('main').getByRole('button', { name: 'Pause' })).toHaveCount(0)
}

const bundled = (await readdir(join(repository, 'resources', 'lessons'))).map((name) =>
  name.replace('.yaml', ''),
)

for (const name of bundled)
  test(`the lesson ${name} is taken to its end by keyboard only`, async ({ studio }) => {
    test.setTimeout(360_000)
    const text = await readFile(join(repository, 'resources', 'lessons', `${name}.yaml`), 'utf8')
    const title = /^title: (.*)$/m.exec(text)![1]!
    const pages = text.match(/^ {2}- title: /gm)!.length
    const { app, page } = await openApp(studio)
    await chooseInMenu(app, 'showLessons')
    await tabTo(page, `button[aria-label="Begin ${title}"]`)
    await page.keyboard.press('Enter')
    for (let at = 1; at <= pages; at++) {
      await expect(pane(page)).toContainText(`${at} of ${pages}`)
      await answer(page)
      await expect(pane(page).getByText(/ is (starting|playing)/)).toHaveCount(0, {
        timeout: 90_000,
      })
      // What stands for a value that is not there yet.
      await expect
        .poll(async () => (await pane(page).locator('[data-because]').allTextContents()).join())
        .not.toContain('…')
      await expect(page.getByText('First say what you expect.')).toHaveCount(0)
      await studio.screenshot(page, `lesson-${name}-${at}`)
      expect(await violationsOf(page)).toEqual([])
      if (at < pages) await page.keyboard.press('PageDown')
    }
    await tabTo(page, 'aside footer button:last-child')
    await page.keyboard.press('Enter')
    await expect(pane(page)).toHaveCount(0)
    await expect(page.getByRole('main', { name: 'Lessons' })).toBeVisible()
  })

test('a lesson that is wrong is refused with what is wrong, and HTML in one is text', async ({
  studio,
}) => {
  const lesson = (rest: string) =>
    `format: 1\ntitle: Mine\nsummary: A test.\nminutes: 1\nruns: { a: { preset: quadratic-low-rank, set: { federation: { rounds: 5 } } } }\npages:\n  - title: One\n    text: 'A <img src=x onerror=alert(1)> word.'\n    ${rest}\n`
  const bad = await writeConfig(
    studio,
    'bad.yaml',
    lesson('show: { view: watch, runs: [a], charts: [effectivRank] }'),
  )
  const good = await writeConfig(studio, 'good.yaml', lesson('show: { view: watch, runs: [a] }'))
  const { page } = await openApp(studio, { args: [bad, good] })
  await expect(page.getByText(/did you mean effectiveRank\?/)).toBeVisible()
  await expect(pane(page)).toContainText('A <img src=x onerror=alert(1)> word.')
  await expect(pane(page).locator('img')).toHaveCount(0)
  await showView(page, 'Lessons')
  await expect(page.getByRole('button', { name: 'Begin Mine' })).toBeVisible()
})

test('New lesson shows what is wrong while it is written', async ({ studio }) => {
  const { page } = await openApp(studio)
  await showView(page, 'Lessons')
  await page.getByRole('button', { name: 'New lesson' }).click()
  const text = page.getByRole('textbox', { name: 'The lesson as YAML' })
  const preview = page.getByRole('region', { name: 'Preview' })
  await expect(preview).toContainText('A question before the truth')
  await studio.screenshot(page, 'lesson-editor')
  const before = await text.inputValue()
  await text.fill(before.replace('curve: testLoss', 'curve: testLos'))
  await expect(preview.getByRole('alert')).toContainText('did you mean testLoss?')
  await text.fill(before)
  await expect(preview.getByRole('alert')).toHaveCount(0)
  await page.getByRole('button', { name: 'Play it' }).click()
  await expect(pane(page)).toContainText('1 of 2')
})

test('a lesson is handed on: a file that opens again, and a page for any browser', async ({
  studio,
}) => {
  test.setTimeout(120_000)
  const folder = dirname(studio.library)
  const { app, page } = await openApp(studio)
  await showView(page, 'Lessons')
  await page.getByRole('button', { name: 'Begin The Hessian' }).click()
  await expect(pane(page)).toContainText('1 of ')
  await answer(page)
  await expect(pane(page).getByText(/ is (starting|playing)/)).toHaveCount(0, { timeout: 60_000 })
  const save = async (item: RegExp, name: string) => {
    await chooseInDialogs(app, join(folder, name))
    await pane(page).getByRole('button', { name: 'Hand the lesson on' }).click()
    await page.getByRole('menuitem', { name: item }).click()
    await expect.poll(() => readFile(join(folder, name), 'utf8').catch(() => '')).not.toBe('')
    return readFile(join(folder, name), 'utf8')
  }
  const text = await save(/^Save for students/, 'students.yaml')
  expect(text).not.toContain('preset:')
  expect(await hiso('lesson', 'check', join(folder, 'students.yaml'))).toContain('is a lesson')

  const html = await save(/^Hand-out/, 'hand-out.html')
  expect(html).toContain('<math')
  expect(html).not.toContain('<script')
  // In a window without the app, its preload or a network.
  const seen = await app.evaluate(
    async ({ BrowserWindow }, file) => {
      const window = new BrowserWindow({ show: false, width: 900, height: 1200 })
      const complaints: string[] = []
      window.webContents.on('console-message', (event) => complaints.push(event.message))
      const asked: string[] = []
      window.webContents.session.webRequest.onBeforeRequest((details, answer) => {
        asked.push(details.url.slice(0, 40))
        answer({})
      })
      await window.loadFile(file)
      const images = (await window.webContents.executeJavaScript(
        '[...document.images].map((it) => it.naturalWidth)',
      )) as number[]
      const picture = await window.webContents.capturePage()
      // A question is answered before its answer is seen.
      const answers = (await window.webContents.executeJavaScript(`(async () => {
        const answer = document.querySelector('.answer')
        const shown = () => answer.getClientRects().length > 0
        document.querySelector('.question input').click()
        const before = shown()
        document.querySelector('.question a').click()
        await new Promise(requestAnimationFrame)
        return [before, shown(), document.querySelector('.question input').checked]
      })()`)) as boolean[]
      const png = picture.toPNG().toString('base64')
      window.webContents.session.webRequest.onBeforeRequest(null)
      window.destroy()
      return { complaints, asked, images, answers, png }
    },
    join(folder, 'hand-out.html'),
  )
  expect(seen.complaints).toEqual([])
  expect(seen.asked.filter((url) => !/^(file|data):/.test(url))).toEqual([])
  expect(seen.answers).toEqual([false, true, true])
  expect(seen.images.length).toBeGreaterThan(0)
  for (const width of seen.images) expect(width).toBeGreaterThan(100)
  await mkdir(join(repository, 'test-results', 'screenshots'), { recursive: true })
  await writeFile(
    join(repository, 'test-results', 'screenshots', 'hand-out.png'),
    Buffer.from(seen.png, 'base64'),
  )
})
