/**
 * Minibatches of one local step as the arrays that a session takes, gathered once and used for
 * every perturbation.
 */
import type { Samples } from '../data/index.ts'
import type { BatchAddress } from './objective.ts'

/** The rows of several minibatches, one after the other. */
export interface GatheredRows extends Rows {
  /** Rows of each minibatch, in order. */
  readonly sizes: readonly number[]
}

/**
 * The limit of what is kept of one local step: a worker returns to the same groups of minibatches
 * for each perturbation. Beyond it the rows are gathered again, which costs far less than their
 * forward pass.
 */
const KEPT_BYTES = 64 * 2 ** 20

export class GatheredBatches {
  readonly #source: RowSource
  readonly #batchOf: (address: BatchAddress) => Uint32Array
  readonly #kept = new Map<string, GatheredRows>()
  #keptBytes = 0
  #step = ''

  constructor(source: RowSource, batchOf: (address: BatchAddress) => Uint32Array) {
    this.#source = source
    this.#batchOf = batchOf
  }

  /** The rows of these minibatches. The arrays are valid until the next local step is requested. */
  rowsOf(batches: readonly BatchAddress[]): GatheredRows {
    const [first] = batches
    const step = `${first?.round}/${first?.localStep}`
    if (step !== this.#step) {
      for (const rows of this.#kept.values()) this.#source.giveBack(rows)
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
    return { ...this.#source.gather(all), sizes }
  }
}

/** The rows of one forward pass. */
export interface Rows {
  /** float32[rows · featureSize] */
  readonly features: Float32Array
  /** int64[rows] */
  readonly labels: BigInt64Array
}

/**
 * Gathers rows of a dataset into buffers that are reused once they are returned, so that memory
 * stays flat.
 */
export class RowSource {
  readonly #samples: Samples
  readonly #featureSize: number
  readonly #capacity: number
  readonly #free: Rows[] = []

  /** @param capacity rows that are rarely exceeded */
  constructor(samples: Samples, featureSize: number, capacity: number) {
    this.#samples = samples
    this.#featureSize = featureSize
    this.#capacity = capacity
  }

  /** The features and labels of the samples at `indices`. */
  gather(indices: Uint32Array): Rows {
    const count = indices.length
    const buffers = count > this.#capacity ? this.#allocate(count) : this.#free.pop()
    const whole = buffers ?? this.#allocate(this.#capacity)
    const features = whole.features.subarray(0, count * this.#featureSize)
    const labels = whole.labels.subarray(0, count)
    this.#samples.gather(indices, features)
    for (let i = 0; i < count; i++) {
      labels[i] = BigInt(this.#samples.labels[indices[i] as number] as number)
    }
    return { features, labels }
  }

  /** Rows that are no longer read. */
  giveBack({ features, labels }: Rows): void {
    const whole = {
      features: new Float32Array(features.buffer),
      labels: new BigInt64Array(labels.buffer),
    }
    if (whole.labels.length === this.#capacity) this.#free.push(whole)
  }

  #allocate(rows: number): Rows {
    const features = new Float32Array(rows * this.#featureSize)
    return { features, labels: new BigInt64Array(rows) }
  }
}
