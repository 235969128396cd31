/**
 * Methods against each other on one preset: each with its learning rate from one grid, by the
 * lowest test loss at the end on a seed of its own; then seeds that no rate was chosen on.
 */
import type { EngineHost } from '../core/engine/index.ts'
import type { MetricsRow } from '../core/runs/index.ts'
import { printTable } from './markdown.ts'
import { play, presetConfig } from './play.ts'

export interface Contender {
  readonly title: string
  /** `key.path=value`, the method's name among them. */
  readonly settings: readonly string[]
  /**
   * Ascending; a best one at either end is marked, as one beyond it may be better. One alone is
   * taken as it is.
   */
  readonly rates: readonly number[]
}

export interface Contest {
  readonly preset: string
  readonly overrides: readonly string[]
  readonly contenders: readonly Contender[]
  /** A test loss that is to be reached. */
  readonly target: number
}

const tuningSeed = 365
const seeds = [1, 2, 3]

/** Plays it and prints the grid, then the seeds. */
export async function playContest(host: EngineHost, contest: Contest): Promise<void> {
  const { preset, contenders, target } = contest
  const rows: string[][] = []
  /** The first contender's losses at the end, by seed. */
  let first: readonly number[] | undefined
  console.log(`${preset}: test loss at the end over η, seed ${tuningSeed} (– diverged)\n`)
  const grids: string[][] = []
  for (const contender of contenders) {
    const { rate, isAtEnd, grid } = await tune(host, contest, contender)
    if (grid !== '') grids.push([contender.title, grid])
    console.error(contender.title, grid)
    const played: (readonly MetricsRow[])[] = []
    for (const seed of seeds) played.push(await playOnce(host, contest, contender, rate, seed))
    first ??= played.map(lossOf)
    rows.push([
      contender.title,
      `${rate}${isAtEnd ? ' (end of the grid)' : ''}`,
      played.map((own) => shown(lossOf(own))).join(' '),
      played.map((own) => percent(own)).join(' '),
      played.map((own) => roundsTo(own, target) ?? '–').join(' '),
      played.map((own, i) => roundsTo(own, first![i]!) ?? '–').join(' '),
    ])
    console.error(rows.at(-1)!.join('  '))
  }
  if (grids.length > 0) printTable(['method', 'η: loss'], grids)
  console.log(`${preset}, seeds ${seeds.join(', ')}\n`)
  printTable(
    [
      'method',
      '>η',
      '>test loss at the end',
      '>accuracy',
      `>rounds to a loss of ${target}`,
      `>rounds to the last loss of ${contenders[0]!.title}`,
    ],
    rows,
  )
}

async function tune(
  host: EngineHost,
  contest: Contest,
  contender: Contender,
): Promise<{ readonly rate: number; readonly isAtEnd: boolean; readonly grid: string }> {
  const { rates } = contender
  if (rates.length === 1) return { rate: rates[0]!, isAtEnd: false, grid: '' }
  const losses: number[] = []
  for (const rate of rates)
    losses.push(lossOf(await playOnce(host, contest, contender, rate, tuningSeed)))
  const best = losses.indexOf(Math.min(...losses))
  return {
    rate: rates[best]!,
    isAtEnd: best === 0 || best === losses.length - 1,
    grid: rates.map((each, i) => `${each}: ${shown(losses[i]!)}`).join(', '),
  }
}

/** Empty where it diverged. */
async function playOnce(
  host: EngineHost,
  { preset, overrides }: Contest,
  { settings }: Contender,
  rate: number,
  seed: number,
): Promise<readonly MetricsRow[]> {
  const own = [...overrides, ...settings, `method.learningRate=${rate}`, `seed=${seed}`]
  const { record, rows } = await play(host, presetConfig(preset, ...own))
  return record.status === 'finished' ? rows : []
}

function lastOf(rows: readonly MetricsRow[]): MetricsRow | undefined {
  return rows.findLast(({ testLoss }) => testLoss !== undefined)
}

const lossOf = (rows: readonly MetricsRow[]) => lastOf(rows)?.testLoss ?? Infinity
const shown = (loss: number) => (Number.isFinite(loss) ? loss.toFixed(3) : '–')

function percent(rows: readonly MetricsRow[]): string {
  const accuracy = lastOf(rows)?.testAccuracy
  return accuracy === undefined ? '–' : (100 * accuracy).toFixed(1)
}

/** The first evaluated round at which the test loss is at most `loss`. */
function roundsTo(rows: readonly MetricsRow[], loss: number): number | undefined {
  return rows.find(({ testLoss }) => testLoss !== undefined && testLoss <= loss)?.round
}
