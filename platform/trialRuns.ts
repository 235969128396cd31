/**
 * Runs of a model before the first round, to see whether a way to compute it is right and how fast
 * it is.
 */
import type { LossSession, TrainableGraph } from '../core/model/index.ts'

/** A usual minibatch. */
export const TRIAL_ROWS = 32
const TRIAL_RUNS = 20

export interface TrialRuns {
  /** float32[TRIAL_ROWS] */
  readonly losses: Float32Array
  /**
   * The fastest run, milliseconds for TRIAL_ROWS samples: other work on the machine only ever adds
   * to it. Infinity where nothing was timed.
   */
  readonly runMs: number
}

/** @param budgetMs what runs longer than this has been timed well enough; at 0 nothing is timed */
export async function trialRuns(
  session: LossSession,
  graph: TrainableGraph,
  budgetMs: number,
): Promise<TrialRuns> {
  const featureSize = graph.featureShape.reduce((product, length) => product * length, 1)
  // Any features will do, as long as rows differ.
  const features = Float32Array.from(
    { length: TRIAL_ROWS * featureSize },
    (_, i) => ((37 * i) % 101) / 101,
  )
  const labels = BigInt64Array.from({ length: TRIAL_ROWS }, (_, i) => BigInt(i % graph.classes))
  // Not at x_0 itself: a last layer that starts at zero would hide every error.
  const params = graph.initialParams.map((x, i) => x + 0.01 * (((37 * i) % 101) / 50 - 1))
  const place = await openPlace(session, params)
  const run = () => place.losses(features, labels)
  // The first run compiles shaders and plans memory.
  const losses = await run()
  let runMs = Infinity
  const start = performance.now()
  for (let i = 0; i < TRIAL_RUNS && performance.now() - start < budgetMs; i++) {
    const before = performance.now()
    await run()
    runMs = Math.min(runMs, performance.now() - before)
  }
  place.free()
  return { losses: losses.slice(), runMs }
}

interface TrialPlace {
  losses(features: Float32Array, labels: BigInt64Array): Promise<Float32Array>
  free(): void
}

/**
 * Losses at given parameters, as a round comes by them: where x can stay on the device, each
 * forward pass is at a probe made there.
 */
async function openPlace(session: LossSession, params: Float32Array): Promise<TrialPlace> {
  const { device } = session
  if (device === undefined)
    return {
      losses: async (features, labels) =>
        (await session.run(params, features, labels, false)).losses,
      free: () => {},
    }
  const x = await device.upload(params)
  return {
    async losses(features, labels) {
      const probe = await device.perturb(x, x, 0)
      const { losses } = await device.run(probe, features, labels, false)
      probe.free()
      return losses
    },
    free: () => x.free(),
  }
}

/** The largest difference of a sample's loss, relative to 1 + loss. NaN where one of them is. */
export function differenceOf(losses: Float32Array, expected: Float32Array): number {
  return expected.reduce(
    (most, loss, i) =>
      Math.max(most, Math.abs((losses[i] as number) - loss) / (1 + Math.abs(loss))),
    0,
  )
}
