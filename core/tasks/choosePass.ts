/**
 * Whether the probes of low-rank directions share forward passes, and how many share one. A shared
 * pass counts only after it has agreed with the written-out probes. Which one a run uses is
 * recorded with it, since the last digits differ.
 */
import type { RunConfig } from '../config/index.ts'
import { createMethod, movesVectors, type ScalarMethod } from '../methods/index.ts'
import {
  groupProbes,
  lowRankLayout,
  runGroups,
  writeOut,
  type GroupedGraph,
  type LowRankLayout,
  type LowRankPoint,
  type NamedTensors,
  type OpenedGroups,
  type Trainable,
} from '../model/index.ts'
import type { TaskHost } from './taskHost.ts'

/** Written out one by one, or so many in a pass. */
export type Pass = 'single' | number

export interface ChosenPass {
  /** Undefined for methods whose probes never share a pass. */
  readonly pass: Pass | undefined
  readonly groups?: OpenedGroups
  readonly passBytes?: number
  readonly notices: readonly string[]
}

/** What there is to group. */
export interface PlainForm {
  readonly bytes: Uint8Array
  readonly trainables: readonly Trainable[]
  /** d */
  readonly dim: number
  /** Output with the losses. */
  readonly losses: string
  readonly provider: string
  /** Rows that a pass has for every probe: a language model's tokens. */
  readonly rows: number
  /** Rows beyond which more rows make a product no faster. */
  readonly enoughRows: number
  /** Numbers that a row's values take, in a graph of these products. */
  readonly rowSize: (products: GroupedGraph['products']) => number
  /** What forbids shared passes, as a sentence without its full stop. */
  readonly obstacle?: string
  /** x_0 and a minibatch; undefined for a model too large to be tried, and known to agree. */
  readonly trial: PassTrial | undefined
}

interface PassTrial {
  readonly initialParams: () => Float32Array
  /** Inputs beside the trainables, for so many probes of the same rows. */
  readonly feeds: (probes: number) => NamedTensors
  readonly plainLosses: (params: Float32Array) => Promise<Float32Array>
}

/** Products in another order differ by 1e-7 to 1e-6 relative; a wrong graph by much more. */
const largestDifference = 1e-5
/**
 * From this d on, `auto` lets probes share passes. Below, x + μz stays in a core's cache, and
 * writing it costs as much as the thin products beside W (docs/performance.md). A fixed size, not a
 * stopwatch at every start: the same config must not give other digits on a busy machine.
 */
const leastSharedDim = 2 ** 22
const trialMu = 1e-2

/** @throws HisoError CONFIG_INVALID for a rank or a model that low-rank directions do not have */
export async function choosePass(
  config: Pick<RunConfig, 'method' | 'federation' | 'compute'>,
  form: PlainForm,
  host: TaskHost,
): Promise<ChosenPass> {
  const { method: settings, federation, compute } = config
  if (movesVectors(settings)) return { pass: undefined, notices: [] }
  const method = createMethod(settings, federation.rounds)
  if (method.distribution !== 'low-rank') return { pass: undefined, notices: [] }
  if (!sharesPasses(compute, form.dim)) return { pass: 'single', notices: [] }
  const layout = lowRankLayout(form.trainables, method.rank)
  const single = (obstacle: string): ChosenPass => ({
    pass: 'single',
    notices: [`Every probe is written out and measured by itself: ${obstacle}.`],
  })
  const grouped = obstacleOf(method, federation.localSteps, form) ?? groupProbes(form, layout)
  if ('obstacle' in grouped) return single(grouped.obstacle)
  const { points, pointBytes, notices } = planPass(config, method, form, grouped, layout)
  const { runner } = await host.openRunner(grouped.bytes, { provider: 'cpu' })
  const groups = { runner, tensors: grouped.tensors, pointsPerCall: points }
  const fault = form.trial && (await tryPass(form, form.trial, groups, layout))
  if (fault === undefined) return { pass: points, groups, passBytes: points * pointBytes, notices }
  await runner.release()
  return single(fault)
}

function sharesPasses({ probesPerPass }: RunConfig['compute'], dim: number): boolean {
  return probesPerPass === 'auto' ? dim >= leastSharedDim : probesPerPass !== 'single'
}

/**
 * What the shared passes of a config would take, without opening them.
 * @returns bytes of one pass; undefined where every probe is written out
 */
export function sharedPassBytes(
  config: Pick<RunConfig, 'method' | 'federation' | 'compute'>,
  form: Omit<PlainForm, 'trial' | 'provider'>,
): number | undefined {
  const { method: settings, federation, compute } = config
  if (movesVectors(settings)) return undefined
  const method = createMethod(settings, federation.rounds)
  if (method.distribution !== 'low-rank' || !sharesPasses(compute, form.dim)) return undefined
  if (form.obstacle !== undefined) return undefined
  const layout = lowRankLayout(form.trainables, method.rank)
  const grouped = groupProbes(form, layout)
  if ('obstacle' in grouped) return undefined
  const { points, pointBytes } = planPass(config, method, form, grouped, layout)
  return points * pointBytes
}

function obstacleOf(
  { cone, weightDecay }: ScalarMethod,
  localSteps: number,
  { provider, obstacle }: Pick<PlainForm, 'provider' | 'obstacle'>,
): { readonly obstacle: string } | undefined {
  if (obstacle !== undefined) return { obstacle }
  if (provider !== 'cpu') return { obstacle: `parameters are computed with on ${provider}` }
  if (cone !== undefined) return { obstacle: 'directions lean to the last steps' }
  if (weightDecay > 0 && localSteps > 1)
    return { obstacle: 'with weight decay, several local steps change all of a matrix' }
  return undefined
}

/** How many probes share a pass: no more than memory allows. */
function planPass(
  { compute, federation }: Pick<RunConfig, 'federation' | 'compute'>,
  method: ScalarMethod,
  { rows, enoughRows, rowSize }: Pick<PlainForm, 'rows' | 'enoughRows' | 'rowSize'>,
  { products }: GroupedGraph,
  layout: LowRankLayout,
) {
  const { probesPerPass, passMemory } = compute
  const perturbations = method.perturbations(0)
  const all = 1 + method.estimator(0).probes(perturbations).length
  // A client that has moved takes the directions of its steps along.
  const terms = 1 + (federation.localSteps - 1) * perturbations
  const pointBytes = 4 * (rows * rowSize(products) + terms * layout.length)
  const most = Math.max(1, Math.floor((passMemory * 2 ** 20) / pointBytes))
  const wanted =
    typeof probesPerPass === 'number'
      ? probesPerPass
      : Math.min(all, Math.max(1, Math.floor(enoughRows / rows)))
  const points = Math.min(wanted, most)
  const mib = (bytes: number) => Math.ceil(bytes / 2 ** 20)
  const notices =
    typeof probesPerPass === 'number' && points < wanted
      ? [
          `${points} ${points === 1 ? 'probe has' : 'probes share'} a forward pass, not ${wanted}: each takes about ${mib(pointBytes)} MiB, and compute.passMemory is ${passMemory} MiB.`,
        ]
      : []
  return { points, pointBytes, notices }
}

/** @returns what speaks against the shared pass, as a sentence without its full stop */
async function tryPass(
  { trainables, losses }: PlainForm,
  { initialParams, feeds, plainLosses }: PassTrial,
  groups: OpenedGroups,
  layout: LowRankLayout,
): Promise<string | undefined> {
  // Not at x_0 itself: a last layer that starts at zero would hide every error.
  const x = initialParams().map((value, i) => value + 0.01 * wave(i))
  const factors = Float32Array.from({ length: layout.length }, (_, i) => wave(i))
  const pointOf = (index: number): LowRankPoint => {
    const weight = index % 2 === 0 ? trialMu : -trialMu
    return index === 0 ? [] : [{ factors, weight: weight / index }]
  }
  const points = Array.from({ length: Math.max(2, groups.pointsPerCall) }, (_, i) => pointOf(i))
  const own = feeds(points.length)
  try {
    const shared = await runGroups(groups, { trainables, losses }, x, points, own)
    for (const index of [0, 1, points.length - 1]) {
      const expected = await plainLosses(writeOut(layout, x, points[index]!))
      if (!agree(shared[index]!, expected)) return 'losses of a shared pass differ'
    }
    return undefined
  } catch {
    // A graph that the runtime refuses.
    return 'the inference runtime does not run this model with several probes'
  }
}

/** In [−1, 1], and without a pattern that a layer could share. */
const wave = (i: number) => ((37 * i) % 101) / 50 - 1

function agree(losses: Float32Array, expected: Float32Array): boolean {
  return (
    losses.length === expected.length &&
    losses.every((loss, i) => {
      const other = expected[i]!
      return Math.abs(loss - other) <= largestDifference * (1 + Math.abs(other))
    })
  )
}
