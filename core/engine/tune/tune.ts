/**
 * Plays a search of settings. Each candidate is a run in a folder of its own, which stops where
 * candidates are compared and goes on if it is among the better half: so the search itself can stop
 * at any moment and goes on from what is there, to the same result.
 */
import { HisoError } from '../../base/index.ts'
import type { MethodName, RunConfig } from '../../config/index.ts'
import { readRun, runFiles } from '../../runs/index.ts'
import type { EngineHost } from '../engineHost.ts'
import { Run } from '../play/run.ts'
import {
  planTuning,
  roundsOf,
  survivorsOf,
  type Candidate,
  type TuningSettings,
} from './planTuning.ts'

interface TriedCandidate {
  readonly learningRate: number
  readonly perturbations: number | undefined
  readonly folder: string
  /** Test loss at each rung that it reached; Infinity from where it has diverged. */
  readonly losses: readonly number[]
}

export interface TunedMethod {
  readonly method: MethodName
  readonly candidates: readonly TriedCandidate[]
  /** Undefined where every candidate has diverged. */
  readonly best: TriedCandidate | undefined
  /** Whether the best rate is the first or last that was tried: the search was too narrow. */
  readonly isAtEdge: boolean
}

export interface Tuning {
  readonly rungs: readonly number[]
  /** Those that were searched to the end, in the order of the configs. */
  readonly methods: readonly TunedMethod[]
}

export interface TuningWatch {
  /** @param share of all rounds, 0 to 1 */
  readonly progressed: (share: number) => void
  /** Asked after every round. */
  readonly isCancelled: () => boolean
}

/**
 * @param configs one per method
 * @param folder of the search, new or that of the same search before
 * @throws HisoError CONFIG_INVALID; RUN_EXISTS where another search lies there; whatever a run is
 *   refused for. A run that diverges is no error
 */
export async function tune(
  host: EngineHost,
  configs: readonly RunConfig[],
  settings: TuningSettings,
  folder: string,
  watch: TuningWatch,
): Promise<Tuning> {
  const { rungs, candidates } = planTuning(configs, settings)
  const total = candidates.reduce((sum, own) => sum + roundsOf(rungs, own.length), 0)
  let done = 0
  const methods: TunedMethod[] = []
  for (const [index, own] of candidates.entries()) {
    const tried = new Map(own.map((it) => [it, [] as number[]]))
    let left: readonly Candidate[] = own
    let before = 0
    for (const rung of rungs) {
      for (const candidate of left) {
        const place = host.files.join(folder, candidate.folder)
        const start = done
        const loss = await advance(host, candidate.config, place, rung, {
          isCancelled: watch.isCancelled,
          progressed: (rounds) => watch.progressed((start + rounds - before) / total),
        })
        if (loss === undefined) return { rungs, methods }
        tried.get(candidate)!.push(loss)
        done += rung - before
        watch.progressed(done / total)
      }
      before = rung
      left = [...left]
        .sort((a, b) => byLoss(tried.get(a)!.at(-1)!, tried.get(b)!.at(-1)!))
        .slice(0, survivorsOf(left.length))
    }
    methods.push(summary(configs[index]!, own, tried, left[0]!))
  }
  return { rungs, methods }
}

/** Lower first; equal ones keep their order, so that of equals the smaller rate wins. */
const byLoss = (a: number, b: number) => (a === b ? 0 : a - b)

function summary(
  config: RunConfig,
  own: readonly Candidate[],
  tried: ReadonlyMap<Candidate, readonly number[]>,
  winner: Candidate,
): TunedMethod {
  const of = (candidate: Candidate): TriedCandidate => {
    const { learningRate, perturbations, folder } = candidate
    return { learningRate, perturbations, folder, losses: tried.get(candidate)! }
  }
  const best = Number.isFinite(tried.get(winner)!.at(-1)) ? of(winner) : undefined
  const rates = own.map(({ learningRate }) => learningRate)
  const isAtEdge =
    best !== undefined &&
    (best.learningRate === Math.min(...rates) || best.learningRate === Math.max(...rates))
  return { method: config.method.name, candidates: own.map(of), best, isAtEdge }
}

/**
 * Plays a candidate's run up to a round, from wherever it stands.
 * @returns the test loss there, Infinity if the run has diverged; undefined if it was cancelled
 */
async function advance(
  host: EngineHost,
  config: RunConfig,
  folder: string,
  rung: number,
  { progressed, isCancelled }: { progressed: (rounds: number) => void; isCancelled: () => boolean },
): Promise<number | undefined> {
  const { files } = host
  const hasBegun = (await files.kind(files.join(folder, runFiles.record))) === 'file'
  if (hasBegun) {
    const { config: found, rows, record } = await readRun(host, folder)
    if (!isSame(found, config))
      throw new HisoError('RUN_EXISTS', {
        where: folder,
        what: 'a run of another search is in this folder',
        remedy:
          'Choose another folder with --out, or give the settings that this search began with',
      })
    if (record.status === 'failed' && record.error?.code === 'LOSS_NOT_FINITE') return Infinity
    const row = rows[rung - 1]
    if (row !== undefined) return row.testLoss ?? Infinity
  }
  if (isCancelled()) return undefined
  const run = hasBegun ? await Run.resume(host, folder) : await Run.start(host, config, folder)
  let loss: number | undefined
  run.listen((event) => {
    if (event.type !== 'roundCompleted') return
    const { round, testLoss } = event.row
    progressed(round)
    if (round === rung) loss = testLoss ?? Infinity
    if (round === rung || isCancelled()) run.stop()
  })
  const { status, error } = await run.play()
  if (status !== 'failed') return loss
  if (error?.code === 'LOSS_NOT_FINITE') return Infinity
  throw new HisoError(error!.code as ConstructorParameters<typeof HisoError>[0], {
    where: folder,
    what: error!.message,
  })
}

/** Whether two checked configs say the same; a run's file may order its keys in another way. */
function isSame(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b
  const keys = Object.keys(a)
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => isSame(a[key as keyof typeof a], b[key as keyof typeof b]))
  )
}
