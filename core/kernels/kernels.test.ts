/** The two implementations agree bit for bit, and both do what the interface says. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { HisoError } from '../base/index.ts'
import type { Distribution } from '../random/index.ts'
import { alignedLength, createKernels, createPlainKernels, createWasmKernels } from './index.ts'
import type { Kernels } from './index.ts'

const plain = createPlainKernels()
const wasm = createWasmKernels(1 << 16)
const sentinel = -77.25

/**
 * Kernels with room for a few vectors, which are handed out again and again at changing offsets.
 */
function arena(kernels: Kernels) {
  const whole = kernels.vector(8192)
  return (slot: number, offset: number, values: ArrayLike<number>): Float32Array => {
    const from = 2048 * slot
    whole.fill(sentinel, from, from + 2048)
    const vector = whole.subarray(from + offset, from + offset + values.length)
    vector.set(Array.from(values))
    return vector
  }
}
const plainVector = arena(plain)
const wasmVector = arena(wasm)

const bits = (vector: Float32Array) => new Int32Array(vector.slice().buffer)
const distributions: readonly Distribution[] = ['gaussian', 'rademacher', 'sphere']

const uint32 = fc.integer({ min: 0, max: 2 ** 32 - 1 })
const noiseCase = fc.record({
  length: fc.integer({ min: 0, max: 300 }),
  offset: fc.integer({ min: 0, max: 20 }),
  distribution: fc.constantFrom(...distributions),
  seed: uint32,
  perturbation: fc.oneof(fc.integer({ min: 0, max: 9 }), uint32),
  block: fc.oneof(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 2 ** 28 - 20 })),
  scale: fc.constantFrom(1, 0.9973, -1.5, 1e-3),
  weight: fc.constantFrom(1e-3, -0.37, 1 / 3, 0),
  whitened: fc.boolean(),
  values: fc.array(fc.float({ min: -8, max: 8, noNaN: true }), { minLength: 300, maxLength: 300 }),
})

/**
 * Runs one kernel on both implementations, on equal inputs, and compares results and what lies
 * around them.
 */
function compare(
  offset: number,
  inputs: readonly ArrayLike<number>[],
  run: (kernels: Kernels, vectors: readonly Float32Array[]) => void,
): void {
  const [ours, theirs] = [[plain, plainVector] as const, [wasm, wasmVector] as const].map(
    ([kernels, vector]) => {
      const vectors = inputs.map((values, slot) => vector(slot, offset, values))
      run(kernels, vectors)
      const beyond = vectors.map((v) =>
        new Float32Array(v.buffer, v.byteOffset + v.byteLength, 64).slice(),
      )
      expect(beyond.every((part) => part.every((value) => value === sentinel))).toBe(true)
      return vectors.map(bits)
    },
  )
  expect(theirs).toEqual(ours)
}

describe('the SIMD kernels', () => {
  it('draw the same noise as plain TypeScript, bit for bit, at any start, length and alignment', () => {
    fc.assert(
      fc.property(
        noiseCase,
        ({ length, offset, distribution, seed, perturbation, block, scale }) => {
          compare(offset, [new Float32Array(length)], (kernels, [out]) =>
            kernels.noise(out!, distribution, { seed, perturbation }, 16 * block, scale),
          )
        },
      ),
      { seed: 1, numRuns: 400 },
    )
  })

  it('give in one pass what a direction, and then perturb or accumulate, give in two', () => {
    fc.assert(
      fc.property(noiseCase, (c) => {
        const address = { seed: c.seed, perturbation: c.perturbation }
        const start = 16 * c.block
        const x = c.values.slice(0, c.length)
        const hessian = x.map((value) => value * value + 0.01)
        const empty = new Float32Array(c.length)
        const composed = (
          kernels: Kernels,
          out: Float32Array,
          from: Float32Array,
          h: Float32Array,
          z: Float32Array,
        ) => {
          const used = c.whitened ? h : undefined
          kernels.direction(z, used, c.distribution, address, start, c.scale)
          kernels.perturb(out, from, z, c.weight)
        }
        compare(c.offset, [empty, x, hessian, empty], (kernels, [out, from, h, z]) => {
          const used = c.whitened ? h : undefined
          kernels.perturbFresh(out!, from!, used, c.distribution, address, start, c.scale, c.weight)
          const fused = bits(out!)
          composed(kernels, out!, from!, h!, z!)
          expect(bits(out!)).toEqual(fused)
        })
        compare(c.offset, [x, hessian, empty, empty], (kernels, [delta, h, z, out]) => {
          composed(kernels, out!, delta!, h!, z!)
          kernels.squareRoot(h!, h!)
          const used = c.whitened ? h : undefined
          kernels.accumulateFresh(delta!, used, c.distribution, address, start, c.scale, c.weight)
          expect(bits(delta!)).toEqual(bits(out!))
        })
      }),
      { seed: 2, numRuns: 300 },
    )
  })

  it('agree with plain TypeScript on every pass over vectors, with any numbers', () => {
    const number = fc.float({ noNaN: true, noDefaultInfinity: true })
    const vectors = fc.integer({ min: 0, max: 70 }).chain((n) => {
      const vector = fc.array(number, { minLength: n, maxLength: n })
      return fc.tuple(vector, vector, vector)
    })
    const rates = fc.tuple(fc.double({ min: 0, max: 1 }), fc.constantFrom(0, 0.01, 1 / 3))
    fc.assert(
      fc.property(
        vectors,
        rates,
        fc.integer({ min: 0, max: 5 }),
        ([a, b, c], [rate, other], offset) => {
          const positive = b.map((value) => Math.abs(value) + 1e-3)
          compare(offset, [a, positive], (kernels, [out, x]) => kernels.squareRoot(out!, x!))
          compare(offset, [a, b, c], (kernels, [out, x, z]) => kernels.perturb(out!, x!, z!, rate))
          compare(offset, [a, b], (kernels, [delta, z]) => kernels.accumulate(delta!, z!, rate))
          compare(offset, [a, b], (kernels, [x, delta]) => kernels.descend(x!, delta!, rate, other))
          compare(offset, [a, b], (kernels, [h, delta]) =>
            kernels.learnCurvature(h!, delta!, rate, other),
          )
        },
      ),
      { seed: 3, numRuns: 300 },
    )
  })

  it('multiply the factors of a matrix as plain TypeScript does, near or not, from any entry', () => {
    const matrix = fc
      .record({
        rows: fc.integer({ min: 1, max: 9 }),
        columns: fc.integer({ min: 1, max: 40 }),
        rank: fc.integer({ min: 1, max: 5 }),
        share: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      })
      .chain(({ rows, columns, rank, share }) => {
        const values = (length: number) =>
          fc.array(fc.float({ min: -8, max: 8, noNaN: true }), {
            minLength: length,
            maxLength: length,
          })
        const from = Math.floor(share * rows * columns)
        return fc.record({
          left: values(rows * rank),
          right: values(rank * columns),
          delta: values(rows * columns - from),
          rank: fc.constant(rank),
          from: fc.constant(from),
        })
      })
    fc.assert(
      fc.property(matrix, fc.integer({ min: 0, max: 5 }), (m, offset) => {
        const { rank, from } = m
        compare(offset, [m.delta, m.left, m.right], (kernels, [out, left, right]) =>
          kernels.product(out!, { left: left!, right: right!, rank }, from),
        )
        compare(offset, [m.delta, m.left, m.right], (kernels, [delta, left, right]) => {
          const elsewhere = {
            left: Float32Array.from(left!),
            right: Float32Array.from(right!),
            rank,
          }
          kernels.accumulateProduct(delta!, elsewhere, from, 0.3)
          kernels.accumulateProduct(delta!, { left: left!, right: right!, rank }, from, 0.3)
        })
      }),
      { seed: 4, numRuns: 300 },
    )
  })

  it('sum ‖g‖² to the same float64, whatever the length', () => {
    for (const dim of [0, 1, 2, 3, 15, 16, 17, 31, 33, 1000, 1023, 1024, 1025, 1055, 2049, 5003]) {
      const address = { seed: 9 + dim, perturbation: 2 }
      expect(wasm.squaredNorm(address, dim)).toBe(plain.squaredNorm(address, dim))
    }
  })

  it('give the same elements whichever start they are reached from', () => {
    for (const distribution of distributions) {
      const whole = wasmVector(0, 0, new Float32Array(1000))
      wasm.noise(whole, distribution, { seed: 4, perturbation: 1 }, 0, 1)
      for (const start of [16, 48, 112, 128, 144, 512, 976]) {
        const part = wasmVector(1, 0, new Float32Array(1000 - start))
        wasm.noise(part, distribution, { seed: 4, perturbation: 1 }, start, 1)
        expect(bits(part)).toEqual(bits(whole.subarray(start)))
      }
    }
  })
})

describe.each([
  ['plain', () => createPlainKernels()],
  ['wasm-simd', () => createWasmKernels(100_000)],
] as const)('%s kernels', (name, create) => {
  const kernels = create()
  const vector = (...values: readonly number[]) => {
    const result = kernels.vector(values.length)
    result.set(values)
    return result
  }

  it('compute what their formulas say', () => {
    expect(kernels.name).toBe(name)
    const out = kernels.vector(5)
    kernels.perturb(out, vector(1, 2, 3, 4, 5), vector(1, -1, 2, -2, 4), 0.5)
    expect([...out]).toEqual([1.5, 1.5, 4, 3, 7])
    kernels.accumulate(out, vector(2, 2, 2, 2, 2), -0.25)
    expect([...out]).toEqual([1, 1, 3.5, 2.5, 6.5])
    const h = vector(1, 4, 16, 0.25, 64)
    const root = kernels.vector(5)
    kernels.squareRoot(root, h)
    expect([...root]).toEqual([1, 2, 4, 0.5, 8])
    const [u, z] = [kernels.vector(5), kernels.vector(5)]
    const address = { seed: 3, perturbation: 1 }
    kernels.noise(u, 'rademacher', address, 0, 2)
    kernels.direction(z, h, 'rademacher', address, 0, 2)
    expect([...z]).toEqual([...u].map((value, j) => value / root[j]!))
    kernels.direction(z, undefined, 'rademacher', address, 0, 2)
    expect([...z]).toEqual([...u])
    const x = vector(1, 2, 4, 8, 16)
    kernels.descend(x, vector(1, 1, 2, 2, 4), 0.5, 0)
    expect([...x]).toEqual([0.5, 1.5, 3, 7, 14])
    kernels.descend(x, vector(0, 0, 0, 0, 1), 0.5, 0.5)
    expect([...x]).toEqual([0.375, 1.125, 2.25, 5.25, 10])
    h.fill(1)
    kernels.learnCurvature(h, vector(0, 1, 2, 3, 4), 0.25, 1)
    expect([...h]).toEqual([1, 1.25, 2, 3.25, 5])
  })

  it('hand out zeroed vectors that do not overlap', () => {
    const vectors = [1, 17, 1000, 3].map((length) => kernels.vector(length))
    expect(vectors.map((v) => v.length)).toEqual([1, 17, 1000, 3])
    expect(vectors.every((v) => v.every((value) => value === 0))).toBe(true)
    vectors.forEach((v, i) => v.fill(i + 1))
    expect(vectors.every((v, i) => v.every((value) => value === i + 1))).toBe(true)
  })

  it('leave ‖z‖² = d on the sphere', () => {
    const dim = 5003
    const address = { seed: 3, perturbation: 0 }
    const scale = Math.fround(Math.sqrt(dim) / Math.sqrt(kernels.squaredNorm(address, dim)))
    const z = kernels.vector(dim)
    kernels.noise(z, 'sphere', address, 0, scale)
    const squared = z.reduce((sum, value) => sum + value * value, 0)
    // The scale and each product carry one float32 rounding.
    expect(Math.abs(squared / dim - 1)).toBeLessThan(2 ** -22)
  })
})

describe('the memory of the SIMD kernels', () => {
  const codeOf = (act: () => unknown) => {
    try {
      act()
    } catch (thrown) {
      return thrown instanceof HisoError ? thrown.code : 'not a HisoError'
    }
    return 'nothing thrown'
  }

  it('aligns vectors to 64 bytes and has room for the planned capacity', () => {
    const kernels = createWasmKernels(1_000_000)
    const vectors = Array.from({ length: 100 }, () => kernels.vector(10_000))
    expect(vectors.every((v) => v.byteOffset % 64 === 0)).toBe(true)
  })

  it('refuses more than was planned, and more than 4 GiB, with a remedy', () => {
    const kernels = createWasmKernels(1000)
    expect(codeOf(() => kernels.vector(1_000_000))).toBe('MEMORY_EXHAUSTED')
    expect(codeOf(() => createWasmKernels(2 ** 30))).toBe('MEMORY_EXHAUSTED')
  })

  it('refuses vectors of other kernels and of other lengths, instead of writing elsewhere', () => {
    const address = { seed: 1, perturbation: 0 }
    expect(() => wasm.noise(new Float32Array(16), 'gaussian', address, 0, 1)).toThrow(
      'must come from',
    )
    expect(() => wasm.accumulate(wasmVector(0, 0, [1, 2]), wasmVector(1, 0, [1]), 1)).toThrow(
      'elements',
    )
  })

  it('is what createKernels chooses where SIMD runs', () => {
    expect(createKernels(16).name).toBe('wasm-simd')
  })
})

it('room for many short vectors counts the alignment of each', () => {
  const [count, length] = [5000, 40]
  const kernels = createWasmKernels(count * alignedLength(length))
  for (let i = 0; i < count; i++) expect(kernels.vector(length)).toHaveLength(length)
})
