/**
 * Verifies that a model treats the samples of a batch independently, as per-sample losses require.
 */
import { HisoError, messageOf } from '../base/index.ts'
import type { LossSession } from './session.ts'
import type { TrainableGraph } from './trainableGraph.ts'

const ROWS = 3

/**
 * Other batch sizes round differently. This is far above such differences and far below the effect
 * of mixing samples.
 */
const TOLERANCE = 1e-3

/**
 * Runs three samples together and one by one, at the initial parameters. Needed once for a file of
 * unknown origin: some exporters fix the batch size of their example in ways that show only when
 * the graph runs.
 *
 * @throws HisoError MODEL_UNSUPPORTED if the graph cannot take another batch size, or if samples of
 *   a batch change each other's loss
 */
export async function checkBatching(graph: TrainableGraph, session: LossSession): Promise<void> {
  const featureSize = graph.featureShape.reduce((product, length) => product * length, 1)
  // Any different samples will do. Three of them, because files with a batch of one or two are
  // common.
  const features = Float32Array.from(
    { length: ROWS * featureSize },
    (_, i) => ((i * 37) % 101) / 101,
  )
  const labels = BigInt64Array.of(0n, BigInt(graph.classes - 1), 1n)
  const run = async (from: number, to: number): Promise<Float32Array> => {
    const rows = features.slice(from * featureSize, to * featureSize)
    const answer = await session.run(graph.initialParams, rows, labels.slice(from, to), true)
    shown ??= answer.logits
    const logits = answer.logits?.length ?? 0
    if (logits !== (to - from) * graph.classes || answer.losses.length !== to - from) {
      throw new Error(`${logits / graph.classes} rows of logits for ${to - from} samples`)
    }
    return answer.losses
  }
  let shown: Float32Array | undefined
  let together: Float32Array
  let apart: Float32Array[]
  try {
    together = await run(0, ROWS)
    apart = []
    for (let row = 0; row < ROWS; row++) apart.push(await run(row, row + 1))
  } catch (cause) {
    const reason = cause instanceof HisoError ? cause.what : messageOf(cause)
    throw unresolved(
      `it works only for the batch size that it was exported with (${reason})`,
      cause,
    )
  }
  if (!together.every(Number.isFinite))
    throw new HisoError('MODEL_UNSUPPORTED', {
      what: 'its loss is not a number before any training: a weight is NaN or infinite',
      remedy: 'Export the model again from weights that are finite',
    })
  refuseProbabilities(shown, graph)
  apart.forEach(([loss], i) => {
    const difference = Math.abs((together[i] as number) - (loss as number))
    if (difference <= TOLERANCE * (1 + Math.abs(loss as number))) return
    throw unresolved("a sample's loss depends on the others in its batch")
  })
}

/** Probabilities as logits would train towards the wrong thing: their softmax is nearly flat. */
function refuseProbabilities(logits: Float32Array | undefined, graph: TrainableGraph): void {
  if (logits === undefined || !areProbabilities(logits, graph.classes)) return
  throw new HisoError('MODEL_UNSUPPORTED', {
    where: graph.logits,
    what: 'the output holds probabilities, not logits: no value is negative and each row sums to 1',
    remedy: 'Export the model so that its output is the value before the softmax',
  })
}

function areProbabilities(values: Float32Array, width: number): boolean {
  for (let row = 0; row < values.length; row += width) {
    const own = values.subarray(row, row + width)
    const sum = own.reduce((total, value) => total + value, 0)
    if (Math.abs(sum - 1) > TOLERANCE || own.some((value) => value < 0)) return false
  }
  return true
}

function unresolved(what: string, cause?: unknown): HisoError {
  return new HisoError('MODEL_UNSUPPORTED', {
    what: `the model has dynamic shapes that can't be resolved: ${what}`,
    remedy:
      'Export it in evaluation mode with a dynamic batch dimension (torch.onnx.export: dynamic_axes={"input": {0: "batch"}}), without reshapes to a fixed batch',
    cause,
  })
}
