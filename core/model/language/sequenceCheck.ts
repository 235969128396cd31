/**
 * Verifies that a decoder of unknown origin treats rows independently and does not look ahead, for
 * any number of rows and any length.
 */
import { HisoError, messageOf } from '../../base/index.ts'
import type { Padding, SequenceDataset } from '../../data/index.ts'
import type { GraphRunner } from './graphRunner.ts'
import type { LanguageGraph } from './languageGraph.ts'
import { parameterFeeds, tokenFeeds, type LabelledRow } from './tokenFeeds.ts'

/**
 * Other shapes round differently. This is far above such differences and far below the effect of a
 * wrong mask.
 */
const TOLERANCE = 1e-3

/**
 * Tokens of the tested rows: lengths that no exporter uses for its example, on both sides of a
 * padding step.
 */
const lengths = [3, 19, 7]

/** The facts of a dataset that must fit a model. */
type Fitting = Pick<SequenceDataset, 'vocabulary' | 'longest'>

/**
 * @throws HisoError MODEL_UNSUPPORTED if the model knows fewer tokens than the tokenizer, or reads
 *   fewer at a time
 */
export function checkFits(
  graph: Pick<LanguageGraph, 'vocabulary' | 'positions'>,
  { vocabulary, longest }: Fitting,
): void {
  const refuse = (what: string, remedy: string): never => {
    throw new HisoError('MODEL_UNSUPPORTED', { where: 'task.model', what, remedy })
  }
  if (vocabulary > graph.vocabulary)
    refuse(
      `the model knows ${graph.vocabulary} tokens, and the tokenizer makes ${vocabulary}`,
      'Use the tokenizer.json that belongs to the model',
    )
  if (graph.positions !== undefined && longest > graph.positions)
    refuse(
      `the model reads ${graph.positions} tokens at most, and the longest row has ${longest}`,
      `Set task.maxLength to at most ${graph.positions}`,
    )
}

/**
 * Runs rows of different lengths together, padded as the task asks, and one by one, at the initial
 * parameters.
 *
 * @throws HisoError MODEL_UNSUPPORTED as `checkFits`, if the graph cannot take other shapes than
 *   its exporter's or the longest rows, or if rows change each other's loss
 */
export async function checkSequences(
  graph: LanguageGraph,
  runner: GraphRunner,
  dataset: Fitting & Pick<SequenceDataset, 'padding'>,
): Promise<void> {
  checkFits(graph, dataset)
  const { padding } = dataset
  const most = graph.positions ?? Infinity
  const rowOf = (length: number, index: number): LabelledRow => {
    const tokens = Math.min(length, most)
    const ids = Int32Array.from({ length: tokens }, (_, at) => (5 * at + index) % graph.vocabulary)
    return { row: { ids, answerFrom: tokens - 1 }, label: 0 }
  }
  const rows = lengths.map(rowOf)
  const params = graph.initialParams()
  const feeds = parameterFeeds(graph)(params)
  const lossesOf = async (
    some: readonly LabelledRow[],
    side: Padding['side'],
  ): Promise<Float32Array> => {
    const run = tokenFeeds(some, graph, { ...padding, side })
    const results = await runner.run({ ...feeds, ...run.feeds }, { [graph.losses]: undefined })
    return results[graph.losses]!
  }
  let together: Float32Array
  const apart: number[] = []
  try {
    together = await lossesOf(rows, padding.side)
    // What follows a row must not change what comes before it.
    for (const row of rows) apart.push((await lossesOf([row], 'right'))[0]!)
  } catch (cause) {
    const reason = cause instanceof HisoError ? cause.what : messageOf(cause)
    throw unresolved(`it works only for the shapes that it was exported with (${reason})`, cause)
  }
  if (graph.positions === undefined)
    await lossesOf([rowOf(dataset.longest, 0)], padding.side).catch((cause: unknown) => {
      const reason = cause instanceof HisoError ? cause.what : messageOf(cause)
      throw new HisoError('MODEL_UNSUPPORTED', {
        where: 'task.model',
        what: `it fails on a row as long as the longest, ${dataset.longest} tokens (${reason})`,
        remedy: 'Set task.maxLength to the positions that the model was made for',
        cause,
      })
    })
  apart.forEach((loss, i) => {
    if (Math.abs(together[i]! - loss) <= TOLERANCE * (1 + Math.abs(loss))) return
    throw unresolved(
      `a row's loss depends on the rows beside it, or on its padding on the ${padding.side}`,
      undefined,
      padding.side === 'left' ? 'Set task.paddingSide to right, or export' : undefined,
    )
  })
}

function unresolved(what: string, cause?: unknown, remedy = 'Export'): HisoError {
  return new HisoError('MODEL_UNSUPPORTED', {
    where: 'task.model',
    what,
    remedy: `${remedy} the model with an attention mask and with dynamic rows and length (optimum-cli export onnx does)`,
    cause,
  })
}
