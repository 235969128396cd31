/** Runs for benches: the real engine on this machine, in folders that are gone afterwards. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import {
  overrideConfig,
  parseRunConfig,
  readConfigText,
  type RunConfig,
} from '../core/config/index.ts'
import {
  curvatureDefaults,
  examineCurvature,
  Run,
  type CurvatureAtRound,
  type EngineHost,
} from '../core/engine/index.ts'
import { createNodeHost } from '../platform/index.ts'
import { reach, type MetricsRow, type RunRecord, type Target } from '../core/runs/index.ts'

/** Seen from the bundle, .cache/bench/NAME/dist. */
const resources = fileURLToPath(new URL('../resources', import.meta.url))
/** The command line, of the same build as the bench. */
export const hiso = fileURLToPath(new URL('./hiso.js', import.meta.url))

/** The command line's too: workers of another version are refused. */
const { version } = JSON.parse(
  readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
) as { readonly version: string }

export function createBenchHost(): EngineHost {
  return createNodeHost({
    resources,
    workerScript: new URL('./workerThread.js', import.meta.url),
    viewsScript: new URL('./viewsThread.js', import.meta.url),
    version,
  })
}

/** A preset, changed by `key.path=value`. */
export function presetConfig(name: string, ...overrides: readonly string[]): RunConfig {
  const text = readFileSync(join(resources, 'presets', `${name}.yaml`), 'utf8')
  return parseRunConfig(overrideConfig(readConfigText(text, name), overrides), name)
}

export interface PlayedRun {
  readonly record: RunRecord
  readonly rows: readonly MetricsRow[]
}

/** Plays a run to its end, or to a target; a diverged one ends early and says so in its record. */
export async function play(
  host: EngineHost,
  config: RunConfig,
  target?: Target,
): Promise<PlayedRun> {
  return inTemporaryFolder((folder) => playInto(join(folder, 'run'), host, config, target))
}

/**
 * A run, and its H beside the true diagonal of the Hessian at its end, as `hiso curvature` shows
 * it.
 */
export async function playAndExamine(
  host: EngineHost,
  config: RunConfig,
): Promise<PlayedRun & { readonly curvature: CurvatureAtRound | undefined }> {
  return inTemporaryFolder(async (folder) => {
    const run = join(folder, 'run')
    const played = await playInto(run, host, config)
    if (played.record.status !== 'finished') return { ...played, curvature: undefined }
    const watch = { progressed: () => {}, isCancelled: () => false }
    const { rounds } = await examineCurvature(host, run, curvatureDefaults, watch)
    return { ...played, curvature: rounds[0] }
  })
}

async function playInto(
  folder: string,
  host: EngineHost,
  config: RunConfig,
  target?: Target,
): Promise<PlayedRun> {
  const rows: MetricsRow[] = []
  const run = await Run.start(host, config, folder)
  run.listen((event) => {
    if (event.type !== 'roundCompleted') return
    rows.push(event.row)
    if (target !== undefined && reach([event.row], target) !== undefined) run.stop()
  })
  return { record: await run.play(), rows }
}

/**
 * Spearman's rank correlation with its error, and the most that the truth's own uncertainty leaves.
 */
export function formatRank(curvature: CurvatureAtRound | undefined): string {
  if (curvature === undefined || Number.isNaN(curvature.rank.value)) return '–'
  const { rank, ceiling } = curvature
  const most = ceiling < 1 ? ` of ${ceiling.toFixed(2)}` : ''
  return `${rank.value.toFixed(3)} ± ${rank.error.toFixed(3)}${most}`
}

export async function inTemporaryFolder<Result>(
  use: (folder: string) => Promise<Result>,
): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'hiso-bench-'))
  try {
    return await use(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/**
 * The median round of a run that only evaluates its last one, in milliseconds.
 * @param warmUp rounds that do not count: caches, compilation and buffers settle in them
 */
export async function medianRoundMs(
  host: EngineHost,
  config: RunConfig,
  warmUp: number,
): Promise<number> {
  const { record, rows } = await play(host, config)
  if (record.status !== 'finished') throw new Error(record.error?.message)
  const took = rows.map(({ elapsedMs }, at) => elapsedMs - (rows[at - 1]?.elapsedMs ?? 0))
  // The last round has the evaluation in it.
  return medianOf(took.slice(warmUp, -1))
}

export function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}
