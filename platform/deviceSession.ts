/**
 * Sessions on another device than the CPU: with x kept there, where the device is one that a
 * replica can trust.
 */
import type { LossSession, Residency, TrainableGraph } from '../core/model/index.ts'
import { openTrustedMemory, type OnnxDeviceMemory } from './deviceMemory.ts'
import { openSession, type OnnxSession, type Provider } from './sessions.ts'

export interface DeviceSession {
  /** With a `device` where there is no obstacle. */
  readonly session: LossSession
  /** Why parameters are fed for every forward pass, as a sentence without its full stop. */
  readonly obstacle: string | undefined
}

/** @throws HisoError as `openSession`; what is amiss with residency alone is an obstacle */
export async function openOnDevice(
  graph: TrainableGraph,
  provider: Provider,
  residency: Residency,
): Promise<DeviceSession> {
  const session = await openSession(graph, { provider })
  const { memory, obstacle } = await openTrustedMemory(
    provider,
    residency === 'fed' ? undefined : graph,
  )
  return { session: memory === undefined ? session : withMemory(session, memory), obstacle }
}

function withMemory(session: OnnxSession, memory: OnnxDeviceMemory): LossSession {
  return {
    run: (...args) => session.run(...args),
    device: {
      ...memory,
      run: (params, ...batch) => session.runAt(memory.feedsOf(params), ...batch),
    },
    async release() {
      await memory.release()
      await session.release()
    },
  }
}
