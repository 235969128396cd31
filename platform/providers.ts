/**
 * Which execution provider a run computes on: one function for all of them. A provider counts only
 * after it has run the very model and agreed with the CPU; being listed by the runtime means little
 * (some silently compute on the CPU).
 */
import { HisoError, messageOf } from '../core/base/index.ts'
import type { LossSession, Residency, TrainableGraph } from '../core/model/index.ts'
import { openOnDevice } from './deviceSession.ts'
import { openSession, type Provider } from './sessions.ts'
import { differenceOf, TRIAL_ROWS, trialRuns } from './trialRuns.ts'

export type ProviderRequest = Provider | 'auto'

/** One provider, tried on the run's own model. */
interface ProviderTrial {
  readonly provider: Provider
  readonly usable: boolean
  /**
   * The fastest of the timed runs, milliseconds for TRIAL_ROWS samples; undefined where it is not
   * usable.
   */
  readonly runMs: number | undefined
  /**
   * The largest difference of a sample's loss from the CPU's, relative to 1 + loss; undefined where
   * it is not usable.
   */
  readonly difference: number | undefined
  /** Why it is not usable, as a sentence without its full stop. */
  readonly obstacle: string | undefined
}

/** Plain data: kept in run.json, shown by `hiso doctor`. */
export interface ProviderReport {
  readonly requested: ProviderRequest
  readonly provider: Provider
  /** Why this provider, as a sentence without its full stop. */
  readonly reason: string
  /** One line for the user where they do not get what they asked for. */
  readonly notice: string | undefined
  readonly trials: readonly ProviderTrial[]
}

/**
 * How many sessions may run side by side, each in a worker of its own: another device is shared
 * anyway, and ONNX Runtime 1.30 dies of a segmentation fault when two threads of one process use
 * WebGPU.
 */
export function largestWorkerCount(provider: Provider): number {
  return provider === 'cpu' ? Infinity : 1
}

/** What each operating system may have besides the CPU. */
const candidates: Partial<Record<NodeJS.Platform, readonly Provider[]>> = {
  linux: ['cuda', 'webgpu'],
  win32: ['cuda', 'dml', 'webgpu'],
  darwin: ['coreml', 'webgpu'],
}

const TRIAL_BUDGET_MS = 300

/**
 * float32 sums in another order differ by 1e-6 to 1e-5 relative; half-precision or wrong results by
 * far more.
 */
const LARGEST_DIFFERENCE = 1e-3

/**
 * Another device must be clearly faster: the CPU gives the same bits on every machine of a kind,
 * and needs no start-up.
 */
const WORTHWHILE = 0.8

/**
 * Chooses the provider for a model. `auto` tries what this system may have, times it, and takes the
 * fastest; a provider asked for by name is taken when it works. Where it does not, the CPU is taken
 * and `notice` says so in one line.
 *
 * @param residency how parameters are to get to another device, which its time depends on
 * @throws HisoError MODEL_UNSUPPORTED when not even the CPU runs the model
 */
export async function resolveProvider(
  requested: ProviderRequest,
  graph: TrainableGraph,
  residency: Residency = 'resident',
): Promise<ProviderReport> {
  if (requested === 'cpu') {
    return { requested, provider: 'cpu', reason: 'asked for', notice: undefined, trials: [] }
  }
  const reference = await openSession(graph)
  try {
    const { losses, runMs } = await trialRuns(reference, graph, TRIAL_BUDGET_MS)
    const names = requested === 'auto' ? (candidates[process.platform] ?? []) : [requested]
    const trials: ProviderTrial[] = []
    for (const name of names) trials.push(await tryProvider(name, graph, losses, residency))
    const cpu = {
      provider: 'cpu',
      usable: true,
      runMs,
      difference: 0,
      obstacle: undefined,
    } as const
    return choose(requested, cpu, trials)
  } finally {
    await reference.release()
  }
}

function choose(
  requested: ProviderRequest,
  cpu: ProviderTrial & { readonly runMs: number },
  others: readonly ProviderTrial[],
): ProviderReport {
  const trials = [cpu, ...others]
  const cpuMs = cpu.runMs
  if (requested !== 'auto') {
    const [asked] = others as [ProviderTrial]
    if (asked.usable) {
      return { requested, provider: requested, reason: 'asked for', notice: undefined, trials }
    }
    const notice = `${requested} can't be used here (${asked.obstacle}): computing on the CPU`
    return { requested, provider: 'cpu', reason: asked.obstacle ?? '', notice, trials }
  }
  const usable = others.filter((it) => it.usable)
  const fastest = usable.toSorted((a, b) => (a.runMs as number) - (b.runMs as number))[0]
  const milliseconds = (ms: number): string => `${ms.toPrecision(3)} ms`
  const report = (provider: Provider, reason: string): ProviderReport => ({
    requested,
    provider,
    reason,
    notice: undefined,
    trials,
  })
  if (fastest === undefined) {
    const list = others.map((it) => `${it.provider}: ${it.obstacle}`).join('; ')
    return report(
      'cpu',
      list === '' ? 'nothing else on this system' : `nothing else works (${list})`,
    )
  }
  const times = `${milliseconds(fastest.runMs as number)} for ${TRIAL_ROWS} samples against ${milliseconds(cpuMs)} on the CPU`
  return (fastest.runMs as number) < WORTHWHILE * cpuMs
    ? report(fastest.provider, `${fastest.provider} takes ${times}`)
    : report('cpu', `the best other, ${fastest.provider}, takes ${times}`)
}

async function tryProvider(
  provider: Provider,
  graph: TrainableGraph,
  expected: Float32Array,
  residency: Residency,
): Promise<ProviderTrial> {
  if (provider === 'webgpu' && lacksVulkan())
    return unusable(provider, 'no GPU driver was found (libvulkan.so.1 is missing)')
  let session: LossSession | undefined
  try {
    session = (await openOnDevice(graph, provider, residency)).session
    const { losses, runMs } = await trialRuns(session, graph, TRIAL_BUDGET_MS)
    const difference = differenceOf(losses, expected)
    // Negated, so that NaN is refused too.
    if (!(difference <= LARGEST_DIFFERENCE)) {
      return unusable(provider, `its losses differ from the CPU's by ${difference.toPrecision(2)}`)
    }
    return { provider, usable: true, runMs, difference, obstacle: undefined }
  } catch (error) {
    return unusable(provider, obstacleOf(error))
  } finally {
    await session?.release()
  }
}

/**
 * Whether WebGPU can't work on this Linux. The runtime would print a warning of its own to stderr.
 * The library is no addon, so loading it always throws; the message says whether it was found.
 */
function lacksVulkan(): boolean {
  if (process.platform !== 'linux') return false
  try {
    process.dlopen({ exports: {} }, 'libvulkan.so.1')
    return false
  } catch (error) {
    return messageOf(error).includes('cannot open shared object file')
  }
}

function unusable(provider: Provider, obstacle: string): ProviderTrial {
  return { provider, usable: false, runMs: undefined, difference: undefined, obstacle }
}

/** The runtime's reason in few words. */
function obstacleOf(error: unknown): string {
  if (error instanceof HisoError && error.code === 'PROVIDER_UNAVAILABLE') return error.what
  const reason = error instanceof HisoError ? messageOf(error.cause) : messageOf(error)
  if (/WebGPU adapter|No supported adapters/i.test(reason)) return 'no GPU adapter was found'
  if (/load shared library|LoadLibrary|cannot open shared object/i.test(reason)) {
    return 'its libraries are not installed'
  }
  return (reason.split('\n')[0] ?? '').slice(0, 200)
}
