/**
 * The plain noise stream: its bits against an independent program, its addressing, and its edges.
 */
import { describe, expect, it } from 'vitest'
import {
  fillNoise,
  gaussianSquaredNorm,
  philox4x32,
  sphereScale,
  type Distribution,
} from './index.ts'

function noise(
  distribution: Distribution,
  length: number,
  seed: number,
  perturbation = 0,
  start = 0,
  scale = 1,
) {
  const out = new Float32Array(length)
  fillNoise(out, distribution, seed, perturbation, start, scale)
  return out
}

/** FNV-1a over the words, folded at each so that sign bits count. */
function digest(z: Float32Array): string {
  let h = 0x811c9dc5
  for (const word of new Uint32Array(z.buffer)) {
    h = Math.imul(h ^ word, 0x01000193)
    h ^= h >>> 15
  }
  return (h >>> 0).toString(16).padStart(8, '0')
}

describe('the noise stream', () => {
  // Made by noise.oracle.py, in numpy, from the text in noise.ts.
  it.each([
    [0, 0, 0, 'd06b451b', '86916a69'],
    [1, 0, 0, '4e2f6760', 'ca884cb5'],
    [3735928559, 3, 1048576, '065b07a6', '561eacfa'],
    [4294967295, 7, 4294963200, '796a3904', 'bdaf2875'],
  ] as const)(
    'has the bits of its definition at seed %i, perturbation %i, element %i',
    (seed, perturbation, start, gaussian, rademacher) => {
      expect(digest(noise('gaussian', 4096, seed, perturbation, start))).toBe(gaussian)
      expect(digest(noise('rademacher', 4096, seed, perturbation, start))).toBe(rademacher)
    },
  )

  it('gives an element the same value from any start and in any length', () => {
    for (const distribution of ['gaussian', 'rademacher', 'sphere'] as const) {
      const whole = noise(distribution, 777, 5, 2)
      for (const start of [16, 32, 112, 128, 256, 768]) {
        for (const length of [1, 3, 9]) {
          const part = noise(distribution, length, 5, 2, start)
          expect([...part]).toEqual([...whole.subarray(start, start + length)])
        }
      }
    }
  })

  it('scales by one float32 multiplication', () => {
    const scale = Math.fround(0.7)
    for (const distribution of ['gaussian', 'rademacher', 'sphere'] as const) {
      const scaled = noise(distribution, 100, 5, 0, 0, 0.7)
      expect([...scaled]).toEqual([...noise(distribution, 100, 5).map((z) => scale * z)])
    }
  })

  it('stays within 2^-20 of exact Box and Muller, and within its bound', () => {
    const words = new Uint32Array(4)
    const z = noise('gaussian', 1 << 17, 6)
    let furthest = 0
    for (let c = 0; c < z.length / 4; c++) {
      philox4x32(c, 0, 0, 0, 6, 0, words)
      for (const half of [0, 1]) {
        const [a, b] = [words[2 * half]!, words[2 * half + 1]!]
        const v = Math.fround(Math.fround(a >>> 1) + 0.5)
        const radius = Math.sqrt(-2 * Math.log(v * 2 ** -31)) * (b >>> 31 ? -1 : 1)
        const angle = ((b << 1) * Math.PI) / 2 ** 32
        const at = 16 * (c >> 2) + 8 * half + (c & 3)
        furthest = Math.max(
          furthest,
          Math.abs(z[at]! - radius * Math.cos(angle)),
          Math.abs(z[at + 4]! - radius * Math.sin(angle)),
        )
      }
    }
    expect(furthest).toBeLessThan(2 ** -20)
    expect(z.every((value) => Math.abs(value) < 6.661)).toBe(true)
  })

  it('is ±1 for rademacher, with both signs equally often', () => {
    const z = noise('rademacher', 100_000, 8)
    expect(z.every((value) => Math.abs(value) === 1)).toBe(true)
    // Five standard deviations of a sum of 100,000 signs.
    expect(Math.abs(z.reduce((sum, value) => sum + value, 0))).toBeLessThan(5 * Math.sqrt(100_000))
  })
})

describe('‖g‖²', () => {
  it('adds exactly the first dim elements, in four lanes', () => {
    for (const dim of [0, 1, 5, 15, 16, 17, 100]) {
      const lanes = [0, 0, 0, 0]
      noise('gaussian', dim, 12, 1).forEach((g, e) => {
        lanes[e & 3]! += g * g
      })
      expect(gaussianSquaredNorm(12, 1, dim)).toBe(lanes[0]! + lanes[1]! + (lanes[2]! + lanes[3]!))
    }
  })

  it('gives the sphere its radius √d', () => {
    for (const dim of [1, 7, 1000]) {
      const scale = sphereScale(gaussianSquaredNorm(2, 0, dim), dim)
      const z = noise('sphere', dim, 2, 0, 0, scale)
      const squared = z.reduce((sum, value) => sum + value * value, 0)
      expect(Math.abs(squared / dim - 1)).toBeLessThan(2 ** -22)
    }
    expect(sphereScale(0, 3)).toBe(1)
  })
})
