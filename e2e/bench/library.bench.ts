/**
 * A library of ten thousand runs: how long until the table shows it, and after a filter and an
 * order.
 */
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Page } from '@playwright/test'
import { printTable } from '../../bench/markdown.ts'
import { openApp, playWithCommandLine, showView } from '../app.ts'
import { mnistText } from '../configs.ts'
import { expect, test } from '../studio.ts'
import { printLoad, quantile } from './figures.ts'

const count = 10_000
const turns = 10

/**
 * Copies of one run under other seeds, settings and results: what a list reads of them, and no
 * more.
 */
async function fill(library: string, first: string): Promise<void> {
  const config = await readFile(join(first, 'config.yaml'), 'utf8')
  const record = JSON.parse(await readFile(join(first, 'run.json'), 'utf8')) as {
    latest: object
    created: string
  }
  for (let number = 1; number < count; number++) {
    const folder = join(library, `run${number}`)
    await mkdir(folder)
    const own = config
      .replace(/^seed: .*$/m, `seed: ${number}`)
      .replace(/alpha: .*$/m, `alpha: ${(1 + (number % 50)) / 10}`)
      .replace(/^name: .*$/m, `name: study ${number % 300}`)
    await writeFile(join(folder, 'config.yaml'), own)
    const latest = { ...record.latest, testAccuracy: ((number * 7919) % 1000) / 1000 }
    const created = new Date(Date.parse(record.created) - number * 60_000).toISOString()
    await writeFile(join(folder, 'run.json'), JSON.stringify({ ...record, latest, created }))
  }
}

/** Milliseconds from an action to the frame after the table has changed. */
function answerMs(page: Page, act: 'filter' | 'sort', text: string): Promise<number> {
  return page.evaluate(
    async ([action, value]) => {
      const grid = document.querySelector('[role=grid]')!
      const view = document.querySelector('main')!
      const began = performance.now()
      const changed = new Promise<void>((resolve) => {
        const observer = new MutationObserver(() => {
          observer.disconnect()
          resolve()
        })
        observer.observe(view, { childList: true, subtree: true, characterData: true })
      })
      if (action === 'sort')
        [...grid.querySelectorAll<HTMLElement>('[role=columnheader] button')]
          .find((each) => each.textContent.trim().startsWith(value))!
          .click()
      else {
        const input = document.querySelector<HTMLInputElement>('input[aria-label="Filter runs"]')!
        input.value = value
        input.dispatchEvent(new Event('input', { bubbles: true }))
      }
      await changed
      await new Promise(requestAnimationFrame)
      await new Promise(requestAnimationFrame)
      return performance.now() - began
    },
    [act, text] as const,
  )
}

/**
 * From now on every page notes when it first asks for the library, when rows are on screen, and
 * when they have been checked.
 */
async function noteReading(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const noted: Record<string, number> = {}
    Object.assign(window, { noted })
    const note = (name: string) => (noted[name] ??= performance.now())
    const post = (message: unknown) => {
      const { method } = (message ?? {}) as { method?: unknown }
      if (method === 'recallRuns' || method === 'listRuns') note('asked')
    }
    const ports = MessagePort.prototype as unknown as {
      postMessage: (...given: readonly unknown[]) => void
    }
    ports.postMessage = new Proxy(ports.postMessage, {
      apply(original, port, given: readonly unknown[]) {
        post(given[0])
        Reflect.apply(original, port, given)
      },
    })
    const look = () => {
      if (document.querySelector('[role=grid] [role=row][aria-rowindex="2"]') !== null)
        note('shown')
      const isChecked = !document
        .querySelector('main [role=toolbar]')
        ?.textContent.includes('checking')
      if ('shown' in noted && isChecked) note('checked')
      else requestAnimationFrame(look)
    }
    requestAnimationFrame(look)
  })
}

interface Noted {
  readonly asked: number
  readonly shown: number
  readonly checked: number
}

/** Milliseconds from the question to the rows, and until they were checked. */
async function readingMs(page: Page): Promise<{ shown: number; checked: number }> {
  const noted = () => page.evaluate(() => (window as unknown as { noted: Partial<Noted> }).noted)
  await expect.poll(async () => (await noted()).checked, { timeout: 120_000 }).toBeDefined()
  const { asked, shown, checked } = (await noted()) as Noted
  return { shown: shown - asked, checked: checked - asked }
}

test('a library of 10,000 runs', async ({ studio }) => {
  const first = await playWithCommandLine(studio.library, 'run0', mnistText(5))
  await fill(studio.library, first)
  await cp(first, join(dirname(studio.library), 'first'), { recursive: true })
  const { page } = await openApp(studio)
  const began = Date.now()
  await showView(page, 'Runs')
  await expect(page.getByText('10,000 runs')).toBeVisible({ timeout: 120_000 })
  const readMs = Date.now() - began

  await noteReading(page)
  const readings: { shown: number; checked: number }[] = []
  for (let turn = 0; turn < turns; turn++) {
    await page.reload()
    readings.push(await readingMs(page))
  }

  const table: (string | number)[][] = [['read without an index', 1, readMs, '', '']]
  for (const what of ['shown', 'checked'] as const) {
    const taken = readings.map((each) => each[what])
    const ms = (share: number) => quantile(taken, share).toFixed(0)
    table.push([`${what}, from the index`, turns, ms(0.5), ms(0.95), ms(1)])
  }
  const actions = [
    ['filter by a word', 'filter', (turn: number) => `"study ${turn}"`],
    ['filter by alpha<1', 'filter', (turn: number) => `alpha<${1 + turn / 10}`],
    ['filter by accuracy>50%', 'filter', (turn: number) => `accuracy>${50 + turn}%`],
    ['all again', 'filter', (turn: number) => (turn % 2 === 0 ? '' : 'seed<9000')],
    ['sort by name', 'sort', () => 'Name'],
    ['sort by accuracy', 'sort', () => 'Accuracy'],
  ] as const
  for (const [title, act, text] of actions) {
    const taken: number[] = []
    for (let turn = 0; turn < turns; turn++) taken.push(await answerMs(page, act, text(turn)))
    const ms = (share: number) => quantile(taken, share).toFixed(0)
    table.push([title, turns, ms(0.5), ms(0.95), ms(1)])
  }
  printLoad()
  printTable(['10,000 runs', '>times', '>median, ms', '>p95, ms', '>largest, ms'], table)
})
