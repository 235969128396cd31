/**
 * A run on a known quadratic, seen in the plane of its steepest and its flattest coordinate: the
 * path of x, H, and the directions of each round. Of a stored run from its log; of any other config
 * by playing it in memory.
 */
import { HisoError } from '../../base/index.ts'
import type { RunConfig } from '../../config/index.ts'
import {
  openDrawing,
  playRound,
  roundSeedOf,
  Server,
  WorkerPool,
  type RoundWorker,
  type PassSize,
} from '../../federation/index.ts'
import { createKernels } from '../../kernels/index.ts'
import { movesVectors, type Method, type TensorShape } from '../../methods/index.ts'
import { readStoredModel } from '../../runs/index.ts'
import { taskOf } from '../../tasks/index.ts'
import type { EngineHost } from '../engineHost.ts'
import { openWorker } from '../play/openWorker.ts'
import type { PlaneTrace } from '../protocol/plane.ts'

/** More is no picture for a person any more. */
const largestDim = 4096
const mostRounds = 1000
/** Directions that are shown of each round. */
const mostDirections = 8
/** float32 that drawing takes beside its vectors. */
const drawingRoom = 2 ** 16

/**
 * @throws HisoError MODEL_UNSUPPORTED for a task whose curvature nobody knows, or too large a one
 */
export async function tracePlane(
  host: EngineHost,
  config: RunConfig,
  folder?: string,
): Promise<PlaneTrace> {
  const { diagonal, rounds } = await planeOf(host, config)
  const coordinates = [indexOfExtreme(diagonal, 1), indexOfExtreme(diagonal, -1)] as const
  const [steep, flat] = coordinates
  const pair = (vector: ArrayLike<number>) => [vector[steep]!, vector[flat]!] as const
  const { worker, report } = await openWorker(config, host)
  const path: number[] = []
  const hessian: number[] = []
  const directions: Float64Array[] = []
  const { method } = new Server(config).exchange
  const directionsOf = openDirections(config, method, diagonal.length, report.trainables, pair)
  const note = async () => {
    path.push(...pair(await worker.params()))
    hessian.push(...pair(await worker.hessian()))
  }
  try {
    const steps =
      folder === undefined ? played(config, worker, report) : await replayed(host, folder, worker)
    await note()
    for (let round = 0; round < Math.min(rounds, steps.rounds); round++) {
      directions.push(directionsOf(await worker.hessian(), round))
      await steps.go(round)
      await note()
      if (round % 32 === 31) await host.breathe()
    }
  } finally {
    await worker.close()
  }
  return {
    coordinates,
    curvature: pair(diagonal),
    path: Float64Array.from(path),
    hessian: Float64Array.from(hessian),
    directions,
    mu: method.protocol === 'scalar' ? method.mu : 0,
  }
}

interface Steps {
  /** Rounds that there are. */
  readonly rounds: number
  /** Brings the worker over this round, which is its next. */
  go(round: number): Promise<void>
}

function played(
  config: RunConfig,
  worker: RoundWorker,
  { batchesPerCall, pointsPerCall }: PassSize,
): Steps {
  const server = new Server(config)
  const pool = new WorkerPool(
    () => Promise.resolve(worker),
    1,
    () => server.log.since(0),
    () => {},
  )
  return {
    rounds: Infinity,
    async go() {
      await playRound({ server, pool, batchesPerCall, pointsPerCall })
      await pool.catchUp()
    },
  }
}

async function replayed(host: EngineHost, folder: string, worker: RoundWorker): Promise<Steps> {
  const { log } = await readStoredModel(host, folder)
  return { rounds: log.rounds, go: (round) => worker.apply(log.slice(round, round + 1)) }
}

async function planeOf(host: EngineHost, config: RunConfig) {
  const refuse = (what: string) =>
    new HisoError('MODEL_UNSUPPORTED', {
      where: 'the plane',
      what,
      remedy: 'Choose a run on a quadratic',
    })
  const { dim } = config.task as { readonly dim?: number }
  if (dim === undefined) throw refuse('the curvature of this task is not known in closed form')
  if (dim > largestDim) throw refuse(`it has ${dim} dimensions, more than ${largestDim}`)
  const { surface } = await taskOf(config.task).surface(config, 1, host)
  const diagonal = surface.closedDiagonal
  if (diagonal === undefined) throw refuse('its curvature is not known in closed form')
  return { diagonal, rounds: Math.min(mostRounds, config.federation.rounds) }
}

/**
 * The first of the largest for sign 1, the last of the smallest for −1: never the same where d > 1.
 */
function indexOfExtreme(values: ArrayLike<number>, sign: 1 | -1): number {
  let best = 0
  for (let at = 1; at < values.length; at++)
    if (sign > 0 ? values[at]! > values[best]! : values[at]! <= values[best]!) best = at
  return best
}

/** Gives the two coordinates of the first directions of a round's first local step. */
function openDirections(
  { method: settings, seed: runSeed }: RunConfig,
  method: Method,
  dim: number,
  tensors: readonly TensorShape[],
  pair: (vector: ArrayLike<number>) => readonly [number, number],
): (hessian: Float32Array, round: number) => Float64Array {
  if (method.protocol !== 'scalar' || movesVectors(settings)) return () => new Float64Array()
  const kernels = createKernels(2 * dim + drawingRoom)
  const [own, out] = [kernels.vector(dim), kernels.vector(dim)]
  const write = openDrawing(kernels, method, dim, tensors)
  return (hessian, round) => {
    own.set(hessian)
    const metric = method.direction.metric(own)
    const perturbations = method.perturbations(round)
    const seed = roundSeedOf(settings, runSeed, round)
    const count = Math.min(perturbations, mostDirections)
    return Float64Array.from(
      Array.from({ length: count }, (_, perturbation) =>
        pair(write(out, { seed, perturbations, localStep: 0, perturbation }, metric)),
      ).flat(),
    )
  }
}
