/** From a round's end in the engine to its point on screen, while the engine runs at full speed. */
import type { Page } from '@playwright/test'
import { printTable } from '../../bench/markdown.ts'
import { openConfig, pressRun, untilState } from '../app.ts'
import { test } from '../studio.ts'
import { printLoad, quantile } from './figures.ts'
import { noteRounds, onlyRun, type RoundEnd } from './roundClock.ts'
import { settings } from './settings.ts'

/**
 * Not a divisor of any of the page's own paces: looks fall on every moment between two drawings
 * alike.
 */
const lookEveryMs = 37

interface Drawing {
  readonly rounds: number
  /** When the frame after it began: what was drawn has been handed to the screen by then. */
  readonly at: number
}

/**
 * From now on the page notes which round the loss chart has reached, and when that was on screen.
 */
async function noteDrawings(page: Page): Promise<() => Promise<Drawing[]>> {
  await page.evaluate(() => {
    const drawings: Drawing[] = []
    Object.assign(window, { drawings })
    interface Model {
      readonly title: string
      readonly layers: readonly { readonly x?: Float64Array }[]
    }
    document.addEventListener('chartdrawn', (event) => {
      const { title, layers } = (event as CustomEvent<Model>).detail
      if (title !== 'Loss') return
      const rounds = layers[0]!.x!.at(-1) ?? 0
      requestAnimationFrame(() => drawings.push({ rounds, at: Date.now() }))
    })
  })
  return () => page.evaluate(() => (window as unknown as { drawings: Drawing[] }).drawings)
}

function latencies(ends: readonly RoundEnd[], drawings: readonly Drawing[]): number[] {
  let next = 0
  return ends.flatMap(({ rounds, at }) => {
    while (next < drawings.length && drawings[next]!.rounds < rounds) next++
    return next < drawings.length ? [drawings[next]!.at - at] : []
  })
}

for (const { name, text } of settings)
  test(`${name}: from a round's end to its point on screen`, async ({ studio }) => {
    const { page } = await openConfig(studio, text)
    const drawings = await noteDrawings(page)
    await pressRun(page)
    const ends = await noteRounds(await onlyRun(studio.library), lookEveryMs)
    await untilState(page, 'Finished')
    const late = latencies(ends.slice(1), await drawings())
    const ms = (share: number) => quantile(late, share).toFixed(0)
    printLoad()
    printTable(
      ['setting', '>rounds seen', '>drawings', '>median, ms', '>p95, ms', '>largest, ms'],
      [[name, late.length, (await drawings()).length, ms(0.5), ms(0.95), ms(1)]],
    )
  })
