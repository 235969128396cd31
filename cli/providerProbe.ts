/**
 * Which execution providers work here, found out by running a small model on each that this system
 * may have.
 */
import { messageOf } from '../core/base/index.ts'
import { buildModel } from '../core/model/index.ts'
import { resolveProvider } from '../platform/index.ts'

export interface ProviderState {
  readonly provider: string
  /** Time for a minibatch of the small model, where it works. */
  readonly runMs?: number
  /** Why it does not work. */
  readonly obstacle?: string
}

export async function probeProviders(): Promise<readonly ProviderState[]> {
  try {
    const graph = buildModel('mlp', { featureShape: [1, 28, 28], classes: 10, hidden: [32] }, 0)
    const { trials } = await resolveProvider('auto', graph)
    return trials.map(({ provider, runMs, obstacle }) => ({
      provider,
      ...(runMs === undefined ? {} : { runMs }),
      ...(obstacle === undefined ? {} : { obstacle }),
    }))
  } catch (error) {
    return [{ provider: 'cpu', obstacle: messageOf(error) }]
  }
}
