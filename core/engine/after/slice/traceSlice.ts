/**
 * The loss of a stored run over a plane through its x, with the path of x and the probes laid into
 * it: any task's, from replay and forward passes alone.
 */
import { HisoError } from '../../../base/index.ts'
import { readStoredModel, type StoredModel } from '../../../runs/index.ts'
import { taskOf } from '../../../tasks/index.ts'
import { checkFingerprints } from '../../checkFingerprints.ts'
import type { EngineHost } from '../../engineHost.ts'
import type { SliceAxes, SliceOrder, SliceTrace } from '../../protocol/slice.ts'
import { readForeign } from '../../readForeign.ts'
import { leastCoordinate, orthonormal, principalAxes } from './axes.ts'
import { keepStates, probesOf, type KeptState } from './keepStates.ts'
import { capturedBy, difference, extentOf, laidInto } from './layPath.ts'

/** Points of the grid along an axis, and samples of the loss: 441 losses of 128 samples. */
const side = 21
const samples = 128
/** States of a path that are kept, and of those that give the principal directions. */
const mostStates = 100
const principalStates = 40
const keptBytes = 128 * 2 ** 20
/** Vectors of length d beside the kept states. */
const ownVectors = 12
/** The replay's share of the progress: a guess. */
const replayShare = 0.3

export interface SliceWatch {
  /** @param share 0 to 1 */
  progressed(share: number): void
  isCancelled(): boolean
}

/**
 * @returns undefined if it was cancelled
 * @throws HisoError RUN_…, DATA_…, MODEL_…; RUN_CHANGED when data or model are not the run's;
 *   MODEL_UNSUPPORTED where there is no plane
 */
export async function traceSlice(
  host: EngineHost,
  order: SliceOrder,
  watch: SliceWatch,
): Promise<SliceTrace | undefined> {
  const run = await readStoredModel(host, order.folder)
  const beside = order.beside === undefined ? undefined : await readStoredModel(host, order.beside)
  checkRun(order, run, host.memoryBytes)
  if (beside !== undefined) checkBeside(run, beside, order.beside!)
  await readForeign(host, run.config)
  const opened = await taskOf(run.config.task).loss(run.config, samples, host)
  try {
    checkFingerprints(run.record, opened.fingerprints, order.folder)
    const runs = beside === undefined ? [run] : [run, beside]
    const total = runs.reduce((sum, { log }) => sum + log.rounds, 0)
    let done = 0
    const told = (share: number) => {
      if (watch.isCancelled()) throw new Cancelled()
      watch.progressed(share)
    }
    const paths: KeptState[][] = []
    for (const one of runs) {
      const wanted = wantedRounds(order.axes, one, runs.length)
      const applied = () => told((replayShare * ++done) / total)
      paths.push(await keepStates(one, wanted, opened.initialParams, host, applied))
    }
    const [states, others] = paths
    const centre = centreOf(order.axes, states!)
    const axes = axesOf(order.axes, run, states!, centre)
    const path = laidInto(run, states!, centre, axes)
    const besidePath = beside && laidInto(beside, others!, centre, axes)
    const extent = extentOf(order.axes, besidePath ? [path, besidePath] : [path])
    const losses = new Float64Array(side * side)
    const at = new Float32Array(centre.length)
    for (let point = 0; point < losses.length; point++) {
      const a = between(extent[0], extent[1], (point % side) / (side - 1))
      const b = between(extent[2], extent[3], Math.floor(point / side) / (side - 1))
      for (let j = 0; j < at.length; j++) at[j] = centre[j]! + a * axes[0][j]! + b * axes[1][j]!
      const loss = await opened.surface.loss(at)
      losses[point] = Number.isFinite(loss) ? loss : Number.NaN
      told(replayShare + ((1 - replayShare) * (point + 1)) / losses.length)
      await host.breathe()
    }
    return {
      side,
      extent,
      losses,
      samples: opened.samples,
      path,
      beside: besidePath,
      captured: capturedBy(path, states!, centre),
    }
  } catch (error) {
    if (error instanceof Cancelled) return undefined
    throw error
  } finally {
    await opened.release()
  }
}

class Cancelled extends Error {}

const between = (low: number, high: number, share: number) => low + share * (high - low)

function checkRun(
  { folder, axes }: SliceOrder,
  { log, record }: StoredModel,
  memoryBytes: number,
): void {
  const asked = typeof axes === 'object' ? axes.probesOf : 0
  if (asked >= log.rounds)
    throw new HisoError('RUN_NOT_FOUND', {
      where: `${folder}, round ${asked + 1}`,
      what: `the run has ${log.rounds} rounds so far`,
      remedy: 'Choose one of them',
    })
  const { dim } = record.model
  if (dim < 2)
    throw new HisoError('MODEL_UNSUPPORTED', {
      where: folder,
      what: 'its one parameter makes a line, not a plane',
      remedy: 'Choose a run with more parameters',
    })
  const needed = 4 * dim * (ownVectors + 6)
  if (needed > memoryBytes / 2)
    throw new HisoError('MEMORY_EXHAUSTED', {
      where: folder,
      what: `a slice holds states of its ${dim} parameters, ${Math.ceil(needed / 2 ** 30)} GiB: more than half of this machine's memory`,
      remedy: 'Open the run on a machine with more memory; its other charts can be seen here',
    })
}

function checkBeside({ record }: StoredModel, other: StoredModel, where: string): void {
  if (record.fingerprints.model === other.record.fingerprints.model) return
  throw new HisoError('RUN_CHANGED', {
    where,
    what: 'this run began with another model, so its path lies in another space',
    remedy: 'Choose a run of the same task and seed',
  })
}

function wantedRounds(axes: SliceAxes, { log, record }: StoredModel, runs: number): Set<number> {
  const { rounds } = log
  if (typeof axes === 'object')
    return new Set([axes.probesOf, axes.probesOf + 1].filter((round) => round <= rounds))
  const room = Math.floor(keptBytes / (8 * record.model.dim * runs))
  const count = Math.max(2, Math.min(mostStates, room, rounds + 1))
  const evenly = Array.from({ length: count }, (_, at) => Math.round((at * rounds) / (count - 1)))
  return new Set(axes === 'steps' ? [...evenly, 1, rounds - 1] : evenly)
}

/** Where the round begins, or the last finite state: a run that diverged has a plane, too. */
function centreOf(axes: SliceAxes, states: readonly KeptState[]): Float32Array {
  if (typeof axes === 'object') return states[0]!.params
  const last = states.findLast(({ params }) => params.every(Number.isFinite))
  return (last ?? states[0]!).params
}

function axesOf(
  axes: SliceAxes,
  run: StoredModel,
  states: readonly KeptState[],
  centre: Float32Array,
): readonly [Float32Array, Float32Array] {
  const found = directionsOf(axes, run, states, centre)
  const span = orthonormal(found)
  if (span.length < 2) span.push(...firstProbes(run, states[0]!))
  const filled = orthonormal(span)
  while (filled.length < 2) filled.push(...missing(filled, centre.length))
  return [filled[0]!, filled[1]!]
}

const missing = (axes: readonly Float32Array[], dim: number) =>
  orthonormal([...axes, leastCoordinate(axes, dim)]).slice(axes.length)

function directionsOf(
  axes: SliceAxes,
  run: StoredModel,
  states: readonly KeptState[],
  centre: Float32Array,
): Float32Array[] {
  const finite = states.filter(({ params }) => params.every(Number.isFinite))
  const step = (from: KeptState | undefined, to: KeptState | undefined) =>
    from && to ? [difference(to.params, from.params)] : []
  if (axes === 'steps')
    return [...step(finite[0], finite[1]), ...step(finite.at(-2), finite.at(-1))]
  if (axes === 'path') {
    const every = Math.ceil(finite.length / principalStates)
    const some = finite.filter((_, at) => at % every === 0)
    return principalAxes(some.map(({ params }) => difference(params, centre)))
  }
  const [state] = states
  if (state?.method === undefined)
    throw new HisoError('MODEL_UNSUPPORTED', {
      where: run.config.name,
      what: 'clients of this method probe no directions: they send whole vectors',
      remedy: 'Choose the slice along the path of x',
    })
  return firstProbes(run, state)
}

function firstProbes(run: StoredModel, state: KeptState): Float32Array[] {
  const first: Float32Array[] = []
  probesOf(run, state, (probe) => {
    if (first.length < 2) first.push(probe.slice())
  })
  return orthonormal(first)
}
