/**
 * In front of people: from a click to the first step of a walk, a step forward and back, the
 * opening of a lesson, and the length of links.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { deflateRawSync, inflateRawSync } from 'node:zlib'
import type { Page } from '@playwright/test'
import { printTable } from '../../bench/markdown.ts'
import {
  configsOf,
  parseRunConfig,
  readConfigText,
  type RunConfig,
} from '../../core/config/index.ts'
import { stageCharts } from '../../core/lessons/index.ts'
import { writeLink, type Packing } from '../../core/link/index.ts'
import { openApp, openConfig, playWithCommandLine, pressRun, showView, untilState } from '../app.ts'
import { repository } from '../repository.ts'
import { expect, test } from '../studio.ts'
import { printLoad, quantile } from './figures.ts'

const rounds = 1000
/** Spread over the run, far from each other, none of them a neighbour of the one before. */
const visited = [500, 37, 941, 260, 777, 5, 999, 420, 633, 150, 860, 318]
const models = ['softmax', 'mlp', 'cnn-mnist'] as const

const textOf = (model: string) => `name: walked
task: { dataset: fashion-mnist, model: ${model} }
federation: { clients: 8, participants: 2, rounds: ${rounds}, batchSize: 32 }
method: { name: hiso, learningRate: 0.005, perturbations: 10 }
evaluation: { every: 100, samples: 200 }
compute: { workers: 1 }
`

/** Milliseconds from a choice of a round to the frame in which its first step stands. */
function walkMs(page: Page, round: number): Promise<number> {
  return page.evaluate(async (wanted) => {
    const input = document.querySelector<HTMLInputElement>('main [aria-label="Round"] input')!
    const began = performance.now()
    input.value = String(wanted)
    input.dispatchEvent(new Event('input', { bubbles: true }))
    input.dispatchEvent(new Event('change', { bubbles: true }))
    const isThere = () => {
      const step = document.querySelector('[aria-label="The step"]')
      const own = step?.querySelector('dd')?.textContent?.trim()
      return own === wanted.toLocaleString('en-US') && !step!.parentElement!.matches('.opacity-60')
    }
    while (!isThere()) await new Promise(requestAnimationFrame)
    await new Promise(requestAnimationFrame)
    return performance.now() - began
  }, round)
}

/** Milliseconds from each press of a key to the frame that shows the next step, to the end. */
function stepMs(page: Page, key: 'ArrowRight' | 'ArrowLeft'): Promise<number[]> {
  return page.evaluate(async (pressed) => {
    const slider = document.querySelector<HTMLInputElement>('[aria-label="Step of the round"]')!
    const taken: number[] = []
    for (;;) {
      const before = slider.value
      if (before === (pressed === 'ArrowRight' ? slider.max : '0')) return taken
      const began = performance.now()
      document.body.dispatchEvent(new KeyboardEvent('keydown', { key: pressed, bubbles: true }))
      while (slider.value === before) await new Promise((resolve) => setTimeout(resolve))
      await new Promise(requestAnimationFrame)
      // A message from within a frame comes after its painting.
      await new Promise<void>((resolve) => {
        const { port1, port2 } = new MessageChannel()
        port2.onmessage = () => resolve()
        port1.postMessage(undefined)
      })
      taken.push(performance.now() - began)
    }
  }, key)
}

const ms = (sample: readonly number[], share: number) => quantile(sample, share).toFixed(0)

for (const model of models)
  test(`${model}: a walk into any of ${rounds} rounds, and its steps`, async ({ studio }) => {
    const { page } = await openConfig(studio, textOf(model))
    await pressRun(page)
    await untilState(page, 'Finished', 800_000)
    await showView(page, 'Walk')
    await expect(page.getByRole('slider', { name: 'Step of the round' })).toBeVisible()
    const walks: number[] = []
    for (const round of visited) walks.push(await walkMs(page, round))
    const forward: number[] = []
    const back: number[] = []
    for (let turn = 0; turn < 3; turn++) {
      forward.push(...(await stepMs(page, 'ArrowRight')))
      back.push(...(await stepMs(page, 'ArrowLeft')))
    }
    const neighbours: number[] = []
    for (let round = 318; round > 308; round--) neighbours.push(await walkMs(page, round - 1))
    printLoad()
    printTable(
      ['model', 'what', '>seen', '>median, ms', '>p95, ms', '>largest, ms'],
      [
        ['to the first step of a round far away', walks],
        ['to the round before', neighbours],
        ['a step forward', forward],
        ['a step back', back],
      ].map(([what, sample]) => {
        const taken = sample as number[]
        return [model, what as string, taken.length, ms(taken, 0.5), ms(taken, 0.95), ms(taken, 1)]
      }),
    )
  })

test('a run of the command line, of which no states are kept yet', async ({ studio }) => {
  const folder = await playWithCommandLine(studio.library, 'walked', textOf('mlp'))
  const { page } = await openApp(studio, { args: [folder] })
  await untilState(page, 'Finished')
  await showView(page, 'Walk')
  await expect(page.getByRole('slider', { name: 'Step of the round' })).toBeVisible({
    timeout: 120_000,
  })
  const walks: number[] = []
  for (const round of visited) walks.push(await walkMs(page, round))
  printLoad()
  console.log(`first clicks, ms: ${walks.map((taken) => taken.toFixed(0)).join(', ')}`)
})

test('the opening of a lesson', async ({ studio }) => {
  const { page } = await openApp(studio)
  const rows: (string | number)[][] = []
  await showView(page, 'Lessons')
  const begins = page.getByRole('button', { name: /^Begin / })
  await expect(begins.first()).toBeVisible()
  const names = await begins.evaluateAll((all) =>
    all.map((each) => each.getAttribute('aria-label')!),
  )
  for (const name of names) {
    const taken: number[] = []
    for (let turn = 0; turn < 5; turn++) {
      await showView(page, 'Lessons')
      taken.push(
        await page.evaluate(async (label) => {
          const began = performance.now()
          document.querySelector<HTMLElement>(`button[aria-label="${label}"]`)!.click()
          while (document.querySelector('[data-testid="lesson"] h2') === null)
            await new Promise(requestAnimationFrame)
          await new Promise(requestAnimationFrame)
          return performance.now() - began
        }, name),
      )
      await page.getByRole('button', { name: 'Leave the lesson' }).click()
      await expect(page.getByTestId('lesson')).toHaveCount(0)
    }
    rows.push([name.replace('Begin ', ''), taken[0]!.toFixed(0), ms(taken.slice(1), 0.5)])
  }
  printLoad()
  printTable(['lesson', '>first, ms', '>again, ms'], rows)
})

test('links', async () => {
  const packing: Packing = {
    deflate: (bytes) => Promise.resolve(deflateRawSync(bytes)),
    inflate: (bytes, most) => Promise.resolve(inflateRawSync(bytes, { maxOutputLength: most })),
  }
  const folder = join(repository, 'resources', 'presets')
  const presets = new Map(
    readdirSync(folder).map((file) => {
      const [own] = configsOf(readConfigText(readFileSync(join(folder, file), 'utf8'), file), file)
      return [file.replace('.yaml', ''), parseRunConfig(own, file)] as const
    }),
  )
  const lengthOf = async (config: RunConfig) => {
    const lesson = { name: 'clients', page: 4 }
    const state = { config, view: 'watch', charts: stageCharts, hasControls: false } as const
    return (await writeLink({ ...state, lesson }, presets, packing)).length
  }
  const rows = await Promise.all(
    [...presets].map(async ([name, preset]) => {
      const changed = parseRunConfig({
        ...preset,
        name: 'a-name-of-thirty-letters-or-so',
        seed: 2_147_483_647,
        split: { kind: 'dirichlet', alpha: 0.123456789 },
        federation: { ...preset.federation, rounds: 98_765, batchSize: 321, dropout: 0.123456789 },
        method: { ...preset.method, learningRate: 0.00123456789, momentum: 0.87654321 },
        evaluation: { ...preset.evaluation, every: 17, samples: 4321 },
      })
      return [name, await lengthOf(preset), await lengthOf(changed)]
    }),
  )
  printTable(['preset', '>as it is, letters', '>with ten changes'], rows)
})
