/**
 * Sequential random numbers for everything except directions: sampling clients, shuffling data,
 * initialising models. Every stream has an address, and nobody shares one: its numbers depend only
 * on (seed, domain, a, b, c), not on earlier draws.
 */
import { cos, exp, log, sin } from './elementary.ts'
import { philox4x32 } from './philox.ts'

/**
 * What a stream is for. The value is the second key word of Philox, so that equal seeds never
 * collide across uses.
 */
export const domains = {
  /** the directions u (see `noise.ts`) */
  noise: 0,
  /** the seeds s_r that a server draws for its rounds */
  seeds: 1,
  /** which clients take part in a round */
  participation: 2,
  /** which participants fail to answer */
  dropout: 3,
  /** the order of a client's minibatches */
  batch: 4,
  /** which client holds which sample */
  partition: 5,
  /** a model's initial parameters */
  initialisation: 6,
  /** which samples are kept for testing */
  testSplit: 7,
  /** synthetic objectives and their data */
  objective: 8,
  /** any other shuffle of a dataset */
  shuffle: 9,
  /** which values of an update a client sends, and how it rounds them */
  compression: 20,
  /** the Hessian lab: samples, probes, starts */
  curvature: 10,
  /** which clients are attackers */
  attackers: 11,
  /** what an attacker sends */
  attack: 12,
  /** the noise that keeps a reply private */
  privacy: 13,
  /** which held-out samples an evaluation looks at */
  evaluation: 14,
  /** how fast a simulated client's device is, and when it is on */
  device: 15,
  /** delays of a simulated network */
  network: 16,
} as const

export type Domain = keyof typeof domains

/**
 * The stream at (seed, domain, a, b, c): word i < 2^34 of the stream is word i mod 4 of
 * philox4x32(counter = (⌊i/4⌋, c, a, b), key = (seed, domains[domain])), 10 rounds.
 */
export class RandomStream {
  readonly #seed: number
  readonly #domain: number
  readonly #a: number
  readonly #b: number
  readonly #c: number
  readonly #words = new Uint32Array(4)
  #block = 0
  #used = 4
  #spareNormal: number | undefined

  /**
   * @param seed uint32
   * @param a uint32, for instance the round
   * @param b uint32, for instance the client
   * @param c uint32, for instance the local step
   * @throws RangeError if one of them is not a uint32 (two addresses would share a stream)
   */
  constructor(seed: number, domain: Domain, a = 0, b = 0, c = 0) {
    for (const word of [seed, a, b, c]) {
      if (word >>> 0 !== word)
        throw new RangeError(`a stream's seed and address are uint32, not ${word}`)
    }
    this.#seed = seed
    this.#domain = domains[domain]
    this.#a = a
    this.#b = b
    this.#c = c
  }

  /** The next word, uniform in [0, 2^32). @throws RangeError after 2^34 words */
  uint32(): number {
    if (this.#used === 4) {
      if (this.#block === 2 ** 32) throw new RangeError('a stream has 2^34 words')
      philox4x32(this.#block, this.#c, this.#a, this.#b, this.#seed, this.#domain, this.#words)
      this.#block++
      this.#used = 0
    }
    return this.#words[this.#used++]!
  }

  /** Uniform in [0, 1): a multiple of 2^-53, from two words. */
  uniform(): number {
    const high = this.uint32() >>> 5
    const low = this.uint32() >>> 6
    return (high * 2 ** 26 + low) * 2 ** -53
  }

  /**
   * A uniform integer in [0, n), without bias: words at or above the largest multiple of n are
   * redrawn.
   *
   * @param n integer in [1, 2^32]
   * @throws RangeError
   */
  below(n: number): number {
    if (!Number.isInteger(n) || n < 1 || n > 2 ** 32) {
      throw new RangeError(`below takes an integer in [1, 2^32], not ${n}`)
    }
    const limit = 2 ** 32 - (2 ** 32 % n)
    for (;;) {
      const word = this.uint32()
      if (word < limit) return word % n
    }
  }

  /** N(0, 1) in float64, by Box and Muller: √(−2 ln u)·cos 2πv, then √(−2 ln u)·sin 2πv. */
  normal(): number {
    const spare = this.#spareNormal
    if (spare !== undefined) {
      this.#spareNormal = undefined
      return spare
    }
    const radius = Math.sqrt(-2 * log(1 - this.uniform()))
    const angle = 2 * Math.PI * this.uniform()
    this.#spareNormal = radius * sin(angle)
    return radius * cos(angle)
  }

  /**
   * ln of a Gamma(shape, 1) variable. The logarithm is needed because a small shape puts the
   * variable itself below the smallest float64. Shapes below 1 use G(shape) = G(shape +
   * 1)·u^(1/shape).
   *
   * @see Marsaglia and Tsang, "A simple method for generating gamma variables", 2000
   */
  #logGamma(shape: number): number {
    if (!(shape > 0 && shape < Infinity))
      throw new RangeError(`a gamma shape is finite and above 0, not ${shape}`)
    const d = (shape < 1 ? shape + 1 : shape) - 1 / 3
    const c = 1 / Math.sqrt(9 * d)
    for (;;) {
      const x = this.normal()
      const base = 1 + c * x
      if (base <= 0) continue
      const v = base * base * base
      const u = 1 - this.uniform()
      if (log(u) >= 0.5 * x * x + d - d * v + d * log(v)) continue
      const boost = shape < 1 ? log(1 - this.uniform()) / shape : 0
      return log(d * v) + boost
    }
  }

  /**
   * A Gamma(shape, 1) variable: mean and variance `shape`. @throws RangeError unless shape is
   * finite and above 0
   */
  gamma(shape: number): number {
    return exp(this.#logGamma(shape))
  }

  /**
   * A point of the simplex from Dir(concentrations), normalised gamma variables; safe for
   * concentrations near 0.
   *
   * @returns as many numbers ≥ 0 as there are concentrations, with sum 1 up to rounding
   * @throws RangeError for an empty list, or a concentration that is not finite and above 0
   */
  dirichlet(concentrations: readonly number[]): number[] {
    if (concentrations.length === 0)
      throw new RangeError('a Dirichlet distribution has at least one concentration')
    const logs = concentrations.map((concentration) => this.#logGamma(concentration))
    const largest = logs.reduce((a, b) => Math.max(a, b), -Infinity)
    const weights = logs.map((value) => exp(value - largest))
    const sum = weights.reduce((a, b) => a + b, 0)
    return weights.map((weight) => weight / sum)
  }

  /**
   * 0..n−1 in uniformly random order (Fisher and Yates, from the end). @throws RangeError unless 0
   * ≤ n < 2^32
   */
  permutation(n: number): Uint32Array {
    const order = new Uint32Array(n)
    for (let i = 0; i < n; i++) order[i] = i
    for (let i = n - 1; i > 0; i--) {
      const j = this.below(i + 1)
      const moved = order[i]!
      order[i] = order[j]!
      order[j] = moved
    }
    return order
  }

  /**
   * m of 0..n−1, ascending, every subset equally likely. O(m) draws and memory for any n (Floyd's
   * algorithm).
   *
   * @throws RangeError unless 0 ≤ m ≤ n ≤ 2^32
   * @see Bentley and Floyd, "A sample of brilliance", 1987
   */
  sample(n: number, m: number): Uint32Array {
    if (!Number.isInteger(m) || m < 0 || m > n) throw new RangeError(`can't sample ${m} of ${n}`)
    const chosen = new Set<number>()
    for (let last = n - m; last < n; last++) {
      const candidate = this.below(last + 1)
      chosen.add(chosen.has(candidate) ? last : candidate)
    }
    return Uint32Array.from(chosen).sort()
  }
}
