/** Minibatches of one local step as the arrays that a session takes, gathered once and used for every perturbation. */
import type { Samples } from '../data/index.ts'
import type { BatchAddress } from './objective.ts'

/** The rows of several minibatches, one after the other. */
export interface GatheredRows {
  /** float32[rows · featureSize] */
  readonly features: Float32Array
  /** int64[rows] */
  readonly labels: BigInt64Array
  /** Rows of each minibatch, in order. */
  readonly sizes: readonly number[]
}

/**
 * What is kept of one local step: a worker comes back to the same groups of minibatches for each perturbation. Beyond this the rows
 * are gathered again, which costs far less than the forward pass that they are for.
 */
const KEPT_BYTES = 64 * 2 ** 20

export class GatheredBatches {
  readonly #samples: Samples
  readonly #featureSize: number
  readonly #batchOf: (address: BatchAddress) => Uint32Array
  readonly #kept = new Map<string, GatheredRows>()
  #keptBytes = 0
  #step = ''

  constructor(
    samples: Samples,
    featureSize: number,
    batchOf: (address: BatchAddress) => Uint32Array,
  ) {
    this.#samples = samples
    this.#featureSize = featureSize
    this.#batchOf = batchOf
  }

  /** The rows of these minibatches. The arrays are valid until the next local step is asked for. */
  rowsOf(batches: readonly BatchAddress[]): GatheredRows {
    const [first] = batches
    const step = `${first?.round}/${first?.localStep}`
    if (step !== this.#step) {
      this.#kept.clear()
      this.#keptBytes = 0
      this.#step = step
    }
    const key = batches.map((it) => `${it.client}/${it.round}/${it.localStep}`).join()
    const kept = this.#kept.get(key)
    if (kept !== undefined) return kept
    const rows = this.#gather(batches)
    const bytes = rows.features.byteLength + rows.labels.byteLength
    if (this.#keptBytes + bytes <= KEPT_BYTES) {
      this.#kept.set(key, rows)
      this.#keptBytes += bytes
    }
    return rows
  }

  #gather(batches: readonly BatchAddress[]): GatheredRows {
    const indices = batches.map((it) => this.#batchOf(it))
    const sizes = indices.map((it) => it.length)
    const all = new Uint32Array(sizes.reduce((sum, size) => sum + size, 0))
    let at = 0
    for (const part of indices) {
      all.set(part, at)
      at += part.length
    }
    return { ...gatherRows(this.#samples, all, this.#featureSize), sizes }
  }
}

/** The features and labels of the samples at `indices`. */
export function gatherRows(
  samples: Samples,
  indices: Uint32Array,
  featureSize: number,
): { features: Float32Array; labels: BigInt64Array } {
  const features = new Float32Array(indices.length * featureSize)
  samples.gather(indices, features)
  const labels = BigInt64Array.from(indices, (index) => BigInt(samples.labels[index] as number))
  return { features, labels }
}
