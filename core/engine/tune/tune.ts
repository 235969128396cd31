/**
 * Plays a search of settings. Each candidate is a run in a folder of its own, which stops where
 * candidates are compared and goes on if it is among the better half: so the search itself can stop
 * at any moment and goes on from what is there, to the same result.
 */
import { HisoError } from '../../base/index.ts'
import {
  planTuning,
  roundsOf,
  survivorsOf,
  type Candidate,
  type RunConfig,
  type TuningSettings,
} from '../../config/index.ts'
import { readRun, runFiles } from '../../runs/index.ts'
import type { EngineHost } from '../engineHost.ts'
import { Run } from '../play/run.ts'

export interface TriedCandidate extends Candidate {
  /** Test loss at each rung that it reached; Infinity from where it has diverged. */
  readonly losses: readonly number[]
}

export interface TunedMethod {
  /** As it was given, with rates of its own. */
  readonly config: RunConfig
  readonly candidates: readonly TriedCandidate[]
  /** Whether it was searched to the end. */
  readonly isOver: boolean
  /** Undefined until then, and where every candidate has diverged. */
  readonly best: TriedCandidate | undefined
  /** Whether the best rate is the first or last that was tried: the search was too narrow. */
  readonly isAtEdge: boolean
}

export interface Tuning {
  readonly rungs: readonly number[]
  /** In the order of the configs. */
  readonly methods: readonly TunedMethod[]
  /** Rounds that were played, of all: 1 when the search is over. */
  readonly share: number
}

export interface TuningWatch {
  /** Receives how far the search is after every round, 0 to 1. */
  readonly progressed: (share: number) => void
  /** Receives what is known after every loss that was measured. */
  readonly measured: (tuning: Tuning) => void
  /** Asked after every round. */
  readonly isCancelled: () => boolean
}

/**
 * @param configs one per method
 * @param folder of the search, new or that of the same search before
 * @returns what is known; of a search that was cancelled, so far
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
  const tried = candidates.map((own) => new Map(own.map((it) => [it, [] as number[]])))
  let done = 0
  const known = (): Tuning => ({
    rungs,
    methods: tried.map((own, index) => summary(configs[index]!, own, rungs.length)),
    share: done / total,
  })
  for (const own of tried) {
    let left = [...own.keys()]
    let before = 0
    for (const rung of rungs) {
      for (const candidate of left) {
        const place = host.files.join(folder, candidate.folder)
        const loss = await advance(host, candidate.config, place, rung, {
          isCancelled: watch.isCancelled,
          progressed: (round) => watch.progressed((done + round - before) / total),
        })
        if (loss === undefined) return known()
        own.get(candidate)!.push(loss)
        done += rung - before
        watch.measured(known())
        watch.progressed(done / total)
      }
      left = left
        .sort((a, b) => byLoss(own.get(a)!.at(-1)!, own.get(b)!.at(-1)!))
        .slice(0, survivorsOf(left.length))
      before = rung
    }
  }
  return known()
}

/** Lower first; equal ones keep their order, so that of equals the smaller rate wins. */
const byLoss = (a: number, b: number) => (a === b ? 0 : a - b)

function summary(
  config: RunConfig,
  tried: ReadonlyMap<Candidate, readonly number[]>,
  rungs: number,
): TunedMethod {
  const candidates = [...tried].map(([it, losses]) => ({ ...it, losses: [...losses] }))
  const last = candidates.filter(({ losses }) => losses.length === rungs)
  const isOver = last.length === finalists(candidates.length, rungs)
  const winner = last.reduce<TriedCandidate | undefined>(
    (best, own) => (best === undefined || own.losses.at(-1)! < best.losses.at(-1)! ? own : best),
    undefined,
  )
  const best = isOver && Number.isFinite(winner!.losses.at(-1)) ? winner : undefined
  const rates = candidates.map(({ learningRate }) => learningRate)
  const isAtEdge =
    best !== undefined &&
    rates.length > 1 &&
    (best.learningRate === Math.min(...rates) || best.learningRate === Math.max(...rates))
  return { config, candidates, isOver, best, isAtEdge }
}

/** How many candidates are played to the last rung. */
function finalists(candidates: number, rungs: number): number {
  let left = candidates
  for (let rung = 1; rung < rungs; rung++) left = survivorsOf(left)
  return left
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
