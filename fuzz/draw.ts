/** Choices that follow from a seed alone. */
import { RandomStream } from '../core/random/index.ts'

/** Numbers at which programs go wrong. */
const boundaries: readonly number[] = [
  ...[0, 1, 2, 3, 7, 8, 15, 16, 31, 32, 63, 64, 100, 127, 128, 255, 256, 1000, 4095, 4096],
  ...[2 ** 15 - 1, 2 ** 15, 2 ** 16 - 1, 2 ** 16, 2 ** 20, 2 ** 24, 2 ** 28, 2 ** 30],
  ...[2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 40, 2 ** 53 - 1, 2 ** 53],
]

export class Draw {
  readonly #stream: RandomStream

  /** @param reader gives each reader choices of its own */
  constructor(reader: string, seed: number) {
    const name = [...reader].reduce((hash, letter) => (hash * 31 + letter.charCodeAt(0)) >>> 0, 7)
    this.#stream = new RandomStream(seed, 'shuffle', name)
  }

  /** A whole number in [0, n). */
  below(n: number): number {
    return this.#stream.below(n)
  }

  /** A whole number in [from, to]. */
  between(from: number, to: number): number {
    return from + this.below(to - from + 1)
  }

  pick<Value>(values: readonly Value[]): Value {
    return values[this.below(values.length)]!
  }

  /** True once in n times. */
  oneIn(n: number): boolean {
    return this.below(n) === 0
  }

  /** Small mostly, and now and then up to `most`. */
  length(most: number): number {
    const bits = this.below(Math.floor(Math.log2(Math.max(2, most))) + 1)
    return Math.min(most, 1 + this.below(2 ** bits))
  }

  /** A number at which programs go wrong, or one beside it, or its negative. */
  boundary(): number {
    const value = this.pick(boundaries)
    return this.oneIn(4) ? -value : value
  }

  bytes(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => this.below(256))
  }
}
