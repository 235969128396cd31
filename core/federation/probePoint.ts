/** Where in the space of parameters a loss of a round is measured. */
import type { Probe } from '../methods/index.ts'
import type { Reply } from '../wire/index.ts'

export interface ProbePoint {
  /** k */
  readonly localStep: number
  /**
   * What the client that stands at x_{i,k} has measured before it; undefined at the first step,
   * where all stand at x_r.
   */
  readonly reply: Reply | undefined
  readonly probe: Probe
}

/** What a client measured at one local step, float32[P · scalars per direction]. */
export function scalarsOf({ scalars, scalarsPerStep }: Reply, localStep: number): Float32Array {
  return scalars.subarray(localStep * scalarsPerStep, (localStep + 1) * scalarsPerStep)
}
