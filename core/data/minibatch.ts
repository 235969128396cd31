/** Which samples a local step looks at: a pure function of seed, client, round and local step. */
import { RandomStream } from '../random/index.ts'
import type { Partition } from './partition.ts'

/**
 * `batchSize` distinct samples of the client, or all that it holds where these are fewer; every
 * subset equally likely, drawn from the stream (seed, batch, client, round, localStep): the three
 * address words are kept apart, so no two steps ever share a stream.
 *
 * @returns indices into the training set, ascending
 * @throws RangeError for an address that is not uint32, or a client that is not there
 */
export function drawBatch(
  partition: Partition,
  client: number,
  round: number,
  localStep: number,
  batchSize: number,
  seed: number,
): Uint32Array {
  const samples = partition.samplesOf(client)
  const stream = new RandomStream(seed, 'batch', client, round, localStep)
  const size = Math.min(batchSize, samples.length)
  return stream.sample(samples.length, size).map((position) => samples[position]!)
}

/** What to tell people of clients that hold less than a batch: none, or one line. */
export function smallClientNotices({ sizes }: Partition, batchSize: number): readonly string[] {
  const small = sizes.filter((size) => size < batchSize)
  if (small.length === 0) return []
  const least = small.reduce((fewest, size) => Math.min(fewest, size))
  return [
    `${small.length} of ${sizes.length} clients hold fewer samples than a batch of ${batchSize} (the fewest: ${least}); they take all that they have.`,
  ]
}
