/** Sessions on another device than the CPU: with x kept there, where the device is one that a replica can trust. */
import { messageOf } from '../base/index.ts'
import type { LossSession, Residency, TrainableGraph } from '../model/index.ts'
import { findOtherRounding, openDeviceMemory, type OnnxDeviceMemory } from './deviceMemory.ts'
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
  if (residency === 'fed')
    return { session, obstacle: 'only those of scalar-only methods stay there' }
  if (provider !== 'webgpu')
    return { session, obstacle: 'ONNX Runtime for Node leaves results only on webgpu' }
  let memory: OnnxDeviceMemory | undefined
  let obstacle: string | undefined
  try {
    memory = await openDeviceMemory(graph.trainables)
    obstacle = await findOtherRounding(memory, graph.dim)
  } catch (error) {
    obstacle = messageOf(error)
  }
  if (memory !== undefined && obstacle === undefined)
    return { session: withMemory(session, memory), obstacle }
  await memory?.release()
  return { session, obstacle }
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
