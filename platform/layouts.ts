/**
 * Which layout a run's convolutions are computed in. The blocked one uses operators that ONNX
 * Runtime keeps to itself, so it counts only after it has run the very model and agreed with the
 * plain one.
 */
import type { Layout } from '../core/config/index.ts'
import {
  blockConvolutions,
  type LossSession,
  type Residency,
  type TrainableGraph,
} from '../core/model/index.ts'
import { openOnDevice } from './deviceSession.ts'
import { openSession, type Provider } from './sessions.ts'
import { differenceOf, trialRuns, type TrialRuns } from './trialRuns.ts'

/**
 * Channels in a block. In this order: 16 run as 8 reads no memory that is not its own, and gives
 * wrong losses.
 */
const blocks = { nchwc16: 16, nchwc8: 8 } as const

type BlockedLayout = keyof typeof blocks

/**
 * Sums in another order differ by 1e-7 to 1e-6 relative; blocks of another size than the runtime's
 * by 1e-2 and more.
 */
const LARGEST_DIFFERENCE = 1e-4

/**
 * Blocks that are mostly padding cost more than they bring: with weights 2.67 times as large by it
 * a forward pass took 1.3 to 1.65 times as long, at 2.5 times 0.8 to 0.9 (measurements/engine.md).
 * No clock decides: which roundings a run has may not depend on how busy its machine is.
 */
const MOST_PADDING = 2.6

export interface SessionInLayout {
  readonly session: LossSession
  readonly layout: Exclude<Layout, 'auto'>
  /** What crosses to another device. */
  readonly information?: readonly string[]
  /** That they do not get the layout that they asked for, or that much crosses. */
  readonly notices: readonly string[]
}

/**
 * Opens a session in a layout; `auto` takes the blocked layout of this machine where the model has
 * convolutions that are not mostly padding in it.
 *
 * @throws HisoError as `openSession`
 */
export async function openInLayout(
  graph: TrainableGraph,
  provider: Provider,
  requested: Layout,
  residency: Residency = 'fed',
): Promise<SessionInLayout> {
  if (provider !== 'cpu') {
    const { session, obstacle } = await openOnDevice(graph, provider, residency)
    return { session, layout: 'plain', ...residencyNotices(provider, obstacle) }
  }
  const plain = await openSession(graph)
  const asPlain = { session: plain, layout: 'plain', notices: [] } as const
  if (requested === 'plain') return asPlain
  const candidates = requested === 'auto' ? (Object.keys(blocks) as BlockedLayout[]) : [requested]
  let reference: TrialRuns | undefined
  for (const layout of candidates) {
    const blocked = blockConvolutions(graph, blocks[layout])
    if (blocked === undefined) return asPlain
    reference ??= await trialRuns(plain, graph, 0)
    const session = await openIfAgreeing(blocked, reference)
    if (session === undefined) continue
    if (requested === 'auto' && paddingOf(blocked) > MOST_PADDING) {
      await session.release()
      return asPlain
    }
    await plain.release()
    return { session, layout, notices: [] }
  }
  if (requested === 'auto') return asPlain
  const notice = `Convolutions can't be computed in ${requested} here: in the plain layout their last digits differ.`
  return { ...asPlain, notices: [notice] }
}

/** @param obstacle see `DeviceSession` */
export function residencyNotices(
  provider: Provider,
  obstacle: string | undefined,
): Pick<SessionInLayout, 'information' | 'notices'> {
  if (obstacle !== undefined)
    return {
      notices: [`Parameters are sent to ${provider} for every forward pass: ${obstacle}.`],
    }
  return {
    information: [`Parameters stay on ${provider}: a round sends its directions there, once each.`],
    notices: [],
  }
}

/** How many times as large the blocked weights are by their padding. */
function paddingOf({ trainables }: TrainableGraph): number {
  const packed = trainables.filter(({ packing }) => packing !== undefined)
  const sizeOf = (shapes: readonly (readonly number[])[]) =>
    shapes.reduce((sum, shape) => sum + shape.reduce((product, length) => product * length, 1), 0)
  return (
    sizeOf(packed.map(({ packing }) => packing!.shape)) / sizeOf(packed.map(({ shape }) => shape))
  )
}

/** A session for the blocked graph, if it gives the reference's losses. */
async function openIfAgreeing(
  blocked: TrainableGraph,
  reference: TrialRuns,
): Promise<LossSession | undefined> {
  let session: LossSession | undefined
  try {
    session = await openSession(blocked)
    const { losses } = await trialRuns(session, blocked, 0)
    if (differenceOf(losses, reference.losses) <= LARGEST_DIFFERENCE) return session
  } catch {
    // A graph that the runtime refuses is a layout that it does not have.
  }
  await session?.release()
  return undefined
}
