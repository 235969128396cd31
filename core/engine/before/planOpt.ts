/**
 * What training one of OPT's shapes would take on this machine (memory, seconds, bytes), without
 * making its weights. Runs one layer, updates a small replica, and multiplies.
 */
import { parseRunConfig, type RunConfig } from '../../config/index.ts'
import {
  Replica,
  scalarReplicaCapacity,
  Server,
  sharedCapacity,
  workerCapacity,
} from '../../federation/index.ts'
import { createKernels } from '../../kernels/index.ts'
import { createMethod, movesVectors } from '../../methods/index.ts'
import {
  buildOpt,
  optShapes,
  parameterFeeds,
  planDecoder,
  tokenFeeds,
  trainDecoder,
  type OptName,
  type OptShape,
} from '../../model/index.ts'
import { encode, type Entry } from '../../wire/index.ts'
import type { EngineHost } from '../engineHost.ts'
import { languagePassBytes, languageTask, type ConfigOf } from '../../tasks/index.ts'
import { planWorker, planWorkers } from '../play/openWorker.ts'

/** Setting d of the comparison with PyTorch (docs/performance.md). */
const plannedSetting = {
  participants: 2,
  batchSize: 8,
  tokens: 32,
  perturbations: 5,
} as const

/** Parameters of the timed replica: more than caches hold. */
const timedDim = 2 ** 22
/** The fastest of this many repeats: other work on the machine only adds time. */
const timedRuns = 3

/**
 * What is planned: HiSo in full and with LoRA, where frozen weights may be float16, and the form of
 * training in full that takes the least memory, DeComFL's implicit step.
 */
const plannedForms = {
  full: { trainables: 'full', frozen: 'float32', method: { name: 'hiso' } },
  lora: { trainables: 'lora', frozen: 'float32', method: { name: 'hiso' } },
  loraHalf: { trainables: 'lora', frozen: 'float16', method: { name: 'hiso' } },
  lowRank: {
    trainables: 'full',
    frozen: 'float32',
    method: { name: 'decomfl', step: 'implicit', distribution: 'low-rank' },
  },
} as const

const bytesOf = { float32: 4, float16: 2 } as const

export type OptForm = keyof typeof plannedForms

export interface OptPlan {
  readonly form: OptForm
  /** d */
  readonly dim: number
  readonly workers: number
  /**
   * Of all workers together, with what this process occupies already: frozen weights, x, H, the
   * probe, and a shared pass; where probes are written out, a pass takes tens of MB besides.
   */
  readonly memoryBytes: number
  readonly secondsPerRound: number
  /** Encoded bytes of one participant in a round that it takes part in again and again. */
  readonly uplinkBytes: number
  readonly downlinkBytes: number
  /** What FedAvg would move for it, float32 down and up. */
  readonly fedAvgBytes: number
}

export interface OptOutline {
  readonly name: OptName
  readonly shape: OptShape
  /** Numbers in all its weights. */
  readonly parameters: number
  readonly setting: typeof plannedSetting
  readonly plans: readonly OptPlan[]
}

export async function planOpt(name: OptName, host: EngineHost): Promise<OptOutline> {
  const shape: OptShape = optShapes[name]
  const passSeconds = shape.layers * (await layerSeconds(shape, host))
  const parameters = buildOpt(shape, 0).weights.reduce((sum, { size }) => sum + size, 0)
  const residentBytes = host.residentBytes()
  const forms = Object.keys(plannedForms) as OptForm[]
  const plans = forms.map((form): OptPlan => {
    const config = configOf(name, form)
    const { dim, frozenBytes, tensors, passBytes } = sizesOf(shape, form, config, parameters)
    const workers = planWorkers(config, host.cores).count
    const isGrouped = passBytes !== undefined
    const plan = planWorker(config, dim, tensors, workers, isGrouped)
    const numbers = workers * workerCapacity(plan) + sharedCapacity(plan)
    const replica = timeReplica(form, host)
    const { perturbations } = plannedSetting
    const probes = isGrouped ? 0 : perturbations * dim * replica.probe
    return {
      form,
      dim,
      workers,
      memoryBytes: residentBytes + 4 * numbers + workers * (frozenBytes + (passBytes ?? 0)),
      secondsPerRound:
        ((perturbations + 1) * passSeconds + probes) / workers +
        (dim * replica.update) / (sharedCapacity(plan) > 0 ? workers : 1),
      ...roundBytes(config),
      fedAvgBytes: 2 * 4 * dim,
    }
  })
  return { name, shape, parameters, setting: plannedSetting, plans }
}

/** @returns `frozenBytes`: what every worker's session holds; `passBytes`: of a shared pass */
function sizesOf(shape: OptShape, form: OptForm, config: ConfigOf<'language'>, parameters: number) {
  const options = { trainables: config.task.trainables, seed: 0 }
  const { trainables: trained, frozen } = plannedForms[form]
  // Frozen weights would be drawn.
  if (trained === 'lora') {
    const { dim, trainables } = planDecoder(buildOpt(shape, 0), options)
    const frozenBytes = bytesOf[frozen] * parameters
    return { dim, tensors: trainables, frozenBytes, passBytes: undefined }
  }
  const graph = trainDecoder(buildOpt(shape, 0), { ...options, candidates: [0, 1] })
  const passBytes = languagePassBytes(config, graph, plannedSetting.tokens)
  return { dim: graph.dim, tensors: graph.trainables, frozenBytes: 0, passBytes }
}

function configOf(model: OptName, form: OptForm): ConfigOf<'language'> {
  const { participants, batchSize, tokens, perturbations } = plannedSetting
  const { trainables, frozen, method } = plannedForms[form]
  const task = { ...languageTask(model, trainables), frozen, maxLength: tokens }
  const config = parseRunConfig({
    ...{ name: model, task, method: { ...method, perturbations } },
    federation: { clients: participants, participants, localSteps: 1, batchSize },
  })
  return { ...config, task }
}

/** Of a forward pass of all participants' minibatches through one layer, on one core. */
async function layerSeconds(shape: OptShape, host: EngineHost): Promise<number> {
  const { participants, batchSize, tokens } = plannedSetting
  const { layers: _layers, embedding: _embedding, ...rest } = shape
  const decoder = buildOpt({ ...rest, layers: 1, vocabulary: 2, positions: tokens }, 0)
  const graph = trainDecoder(decoder, {
    trainables: { kind: 'full' },
    candidates: [0, 1],
    seed: 0,
  })
  const row = { ids: new Int32Array(tokens), answerFrom: tokens }
  const rows = Array.from({ length: participants * batchSize }, () => ({ row, label: 0 }))
  const feeds = {
    ...tokenFeeds(rows, graph, { token: 0, side: 'right' }).feeds,
    ...parameterFeeds(graph)(graph.initialParams()),
  }
  const { runner } = await host.openRunner(graph.bytes, { provider: 'cpu' })
  try {
    let least = Infinity
    for (let run = 0; run < timedRuns; run++) {
      const began = host.now()
      await runner.run(feeds, { [graph.losses]: undefined })
      least = Math.min(least, host.now() - began)
    }
    return least / 1000
  } finally {
    await runner.release()
  }
}

/**
 * Seconds per parameter: of one probe with fresh noise, and of a round's update along all its
 * directions.
 */
function timeReplica(
  form: OptForm,
  host: EngineHost,
): { readonly probe: number; readonly update: number } {
  const config = configOf('opt-tiny', form)
  const { method, federation } = config
  if (movesVectors(method)) throw new Error('the planned methods send scalars only')
  const side = Math.sqrt(timedDim)
  const plan = {
    ...{ dim: timedDim, tensors: [{ name: 'x', shape: [side, side] }] },
    ...{ method, rounds: federation.rounds, keptDirections: 0 },
  }
  const kernels = createKernels(scalarReplicaCapacity(plan) + timedDim)
  const replica = new Replica(kernels, plan, (x) => x.fill(0))
  const probe = kernels.vector(timedDim)
  const perturbations = createMethod(method, federation.rounds).perturbations(0)
  const least = { probe: Infinity, update: Infinity }
  const timed = (part: keyof typeof least, work: () => void) => {
    const began = host.now()
    work()
    least[part] = Math.min(least[part], host.now() - began)
  }
  for (let round = 0; round < timedRuns; round++) {
    const entry = entryOf(round, perturbations)
    replica.startRound(entry.seed)
    timed('probe', () => replica.directions.perturb(probe, replica.params, 0, 0, 1e-3))
    timed('update', () => replica.apply(entry))
  }
  return { probe: least.probe / 1000 / timedDim, update: least.update / 1000 / timedDim }
}

function entryOf(round: number, perturbations: number): Entry {
  const aggregates = new Float32Array(perturbations).fill(1e-3)
  return { type: 'entry', round, localSteps: 1, seed: 1, scalarsPerStep: perturbations, aggregates }
}

function roundBytes(config: RunConfig): Pick<OptPlan, 'uplinkBytes' | 'downlinkBytes'> {
  const { exchange } = new Server(config)
  const entry = entryOf(0, plannedSetting.perturbations)
  const lengths = exchange.lengthsOf(entry)
  return {
    uplinkBytes: lengths.reply(0),
    downlinkBytes: lengths.opening + encode(entry).length,
  }
}
