/** Runs of a model before the first round, to see whether a way to compute it is right and how fast it is. */
import type { LossSession, TrainableGraph } from '../model/index.ts'

/** A usual minibatch. */
export const TRIAL_ROWS = 32
const TRIAL_RUNS = 20

export interface TrialRuns {
  /** float32[TRIAL_ROWS] */
  readonly losses: Float32Array
  /** The fastest run, milliseconds for TRIAL_ROWS samples: other work on the machine only ever adds to it. */
  readonly runMs: number
}

/** @param budgetMs what runs longer than this has been timed well enough */
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
  // Not at x_0 itself: behind a last layer that starts at zero every error would be hidden.
  const params = graph.initialParams.map((x, i) => x + 0.01 * (((37 * i) % 101) / 50 - 1))
  const run = () => session.run(params, features, labels, false)
  // The first run compiles shaders and plans memory.
  const { losses } = await run()
  let runMs = Infinity
  const start = performance.now()
  for (let i = 0; i < TRIAL_RUNS && performance.now() - start < budgetMs; i++) {
    const before = performance.now()
    await run()
    runMs = Math.min(runMs, performance.now() - before)
  }
  return { losses: losses.slice(), runMs }
}

/** The largest difference of a sample's loss, relative to 1 + loss. NaN where one of them is. */
export function differenceOf(losses: Float32Array, expected: Float32Array): number {
  return expected.reduce(
    (most, loss, i) =>
      Math.max(most, Math.abs((losses[i] as number) - loss) / (1 + Math.abs(loss))),
    0,
  )
}
