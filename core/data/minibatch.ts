/** Which samples a local step looks at: a pure function of seed, client, round and local step. */
import { HisoError } from '../base/index.ts'
import { RandomStream } from '../random/index.ts'
import type { Partition } from './partition.ts'

/**
 * `batchSize` distinct samples of the client, every subset equally likely, drawn from the stream
 * (seed, batch, client, round, localStep): the three address words are kept apart, so no two steps
 * ever share a stream.
 *
 * @param batchSize at most the client's size (see `checkBatchSize`)
 * @returns indices into the training set, ascending
 * @throws RangeError for an address that is not uint32, a client that is not there, or a batch
 *   larger than its data
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
  return stream.sample(samples.length, batchSize).map((position) => samples[position]!)
}

/**
 * @throws HisoError DATA_SPLIT when some client holds fewer samples than one batch, naming the
 *   smallest
 */
export function checkBatchSize(partition: Partition, batchSize: number): void {
  const { sizes } = partition
  let smallest = 0
  for (let client = 1; client < sizes.length; client++)
    if (sizes[client]! < sizes[smallest]!) smallest = client
  const size = sizes[smallest]!
  if (size >= batchSize) return
  throw new HisoError('DATA_SPLIT', {
    where: 'federation.batchSize',
    what: `a batch of ${batchSize} is larger than the data of client ${smallest + 1}, which holds ${size} samples, the fewest of ${sizes.length} clients`,
    remedy: `Set federation.batchSize to at most ${size}, or split.minimum to at least ${batchSize}, or use fewer clients`,
  })
}
