/** Rows of tokens as the inputs of a language model's graph. */
import { padRows, type Padding, type SequenceSamples, type TokenRow } from '../../data/index.ts'
import type { GraphRunner, NamedTensor, RunnerAt } from './graphRunner.ts'
import type { LanguageGraph } from './languageGraph.ts'

/**
 * Lengths are rounded up to this, so that the runtime sees few different shapes and keeps few
 * memory plans.
 */
const LENGTH_STEP = 16

export interface LabelledRow {
  readonly row: TokenRow
  /** Index into the candidates; meaningless if answers are texts. */
  readonly label: number
}

/** The samples at these indices, with their correct answers. */
export function labelledRows(samples: SequenceSamples, indices: Iterable<number>): LabelledRow[] {
  return Array.from(indices, (index) => ({
    row: samples.row(index),
    label: samples.labels[index]!,
  }))
}

/** The padded length for rows of up to `longest` tokens. */
export function paddedLength(longest: number, { positions = Infinity }: LanguageGraph): number {
  return Math.min(positions, LENGTH_STEP * Math.ceil(longest / LENGTH_STEP))
}

/** The feeds of a pass over some rows. */
export interface TokenFeeds {
  readonly feeds: Readonly<Record<string, NamedTensor>>
  readonly picksPerRow: readonly number[]
}

/** All feeds of a pass over these rows except the parameters. */
export function tokenFeeds(
  chosen: readonly LabelledRow[],
  graph: LanguageGraph,
  padding: Padding,
): TokenFeeds {
  const { inputs } = graph
  const rows = chosen.map(({ row }) => row)
  const longest = rows.reduce((most, { ids }) => Math.max(most, ids.length), 1)
  const batch = padRows(rows, padding, paddedLength(longest, graph))
  const { length } = batch
  const picks: number[] = []
  const targets: number[] = []
  const picksPerRow = chosen.map(({ row: { ids, answerFrom }, label }, index) => {
    const start = index * length + batch.starts[index]!
    // A token is predicted at the place of the token before it.
    const from = graph.candidates === undefined ? Math.max(1, answerFrom) : ids.length
    const to = graph.candidates === undefined ? ids.length : ids.length + 1
    for (let at = from; at < to; at++) {
      picks.push(start + at - 1)
      targets.push(graph.candidates === undefined ? ids[at]! : label)
    }
    return to - from
  })
  const shape = [rows.length, length]
  const integers = (data: BigInt64Array, shape: readonly number[]) => ({ data, shape })
  const feeds: Record<string, NamedTensor> = {
    [inputs.tokens]: integers(batch.ids, shape),
    [graph.picks]: integers(BigInt64Array.from(picks, BigInt), [picks.length]),
    [graph.targets]: integers(BigInt64Array.from(targets, BigInt), [targets.length]),
  }
  if (inputs.attention !== undefined) feeds[inputs.attention] = integers(batch.attention, shape)
  if (inputs.positions !== undefined)
    feeds[inputs.positions] = integers(positionsOf(batch.starts, length), shape)
  if (inputs.types !== undefined)
    feeds[inputs.types] = integers(new BigInt64Array(batch.ids.length), shape)
  for (const { name, heads, headSize } of inputs.past)
    feeds[name] = { data: new Float32Array(0), shape: [rows.length, heads, 0, headSize] }
  return { feeds, picksPerRow }
}

/** Places counted from each row's first token; padding before it has place 0. */
function positionsOf(starts: Int32Array, length: number): BigInt64Array {
  const positions = new BigInt64Array(starts.length * length)
  starts.forEach((start, row) => {
    for (let column = start; column < length; column++)
      positions[row * length + column] = BigInt(column - start)
  })
  return positions
}

/** The parameters as feeds: views of their memory, and the tensors that are never trained. */
export function parameterFeeds(graph: LanguageGraph) {
  return (params: Float32Array): Record<string, NamedTensor> => ({
    ...graph.held,
    ...Object.fromEntries(
      graph.trainables.map(({ name, shape, size, offset }) => [
        name,
        { data: params.subarray(offset, offset + size), shape },
      ]),
    ),
  })
}

/** Runs the graph at parameters that are fed. */
export function feedParams(graph: LanguageGraph, runner: GraphRunner): RunnerAt<Float32Array> {
  const parameters = parameterFeeds(graph)
  return {
    run: (params, feeds, outputs) => runner.run({ ...parameters(params), ...feeds }, outputs),
  }
}
