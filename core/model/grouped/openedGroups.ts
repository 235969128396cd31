/** A grouped graph that is open in a runtime, and the feeds that every pass of it takes. */
import type { GraphRunner, NamedTensors } from '../language/graphRunner.ts'
import type { Trainable } from '../trainableGraph.ts'
import type { GroupedTensor } from './groupedGraph.ts'
import { groupFeeds, type LowRankPoint } from './groupFeeds.ts'

export interface OpenedGroups {
  readonly runner: GraphRunner
  readonly tensors: readonly GroupedTensor[]
  /** See `GroupedMeasure.pointsPerCall`. */
  readonly pointsPerCall: number
}

/** Losses of a pass, group by group. @param feeds of the rows of all groups */
export async function runGroups(
  { runner, tensors }: OpenedGroups,
  { trainables, losses }: { readonly trainables: readonly Trainable[]; readonly losses: string },
  params: Float32Array,
  points: readonly LowRankPoint[],
  feeds: NamedTensors,
): Promise<Float32Array[]> {
  const own = groupFeeds(tensors, trainables, params, points)
  const results = await runner.run({ ...feeds, ...own }, { [losses]: undefined })
  const values = results[losses]!
  const size = values.length / points.length
  return points.map((_, group) => values.subarray(group * size, (group + 1) * size))
}

/** The values so many times, one after the other. */
export function repeated<Values extends Float32Array | BigInt64Array>(
  values: Values,
  times: number,
): Values {
  const all = (
    values instanceof Float32Array
      ? new Float32Array(times * values.length)
      : new BigInt64Array(times * values.length)
  ) as Values
  for (let time = 0; time < times; time++) all.set(values as never, time * values.length)
  return all
}
