/** Philox against the answers published with Random123. */
import { expect, it } from 'vitest'
import { philox4x32 } from './index.ts'

const words = (text: string) => text.split(' ').map((word) => parseInt(word, 16))

// From the file kat_vectors of Random123: rounds, counter, key, output.
const ones = 'ffffffff ffffffff ffffffff ffffffff'
const pi = '243f6a88 85a308d3 13198a2e 03707344'
it.each([
  [7, '0 0 0 0', '0 0', '5f6fb709 0d893f64 4f121f81 4f730a48'],
  [7, ones, 'ffffffff ffffffff', '5207ddc2 45165e59 4d8ee751 8c52f662'],
  [7, pi, 'a4093822 299f31d0', '4dfccaba 190a87f0 c47362ba b6b5242a'],
  [10, '0 0 0 0', '0 0', '6627e8d5 e169c58d bc57ac4c 9b00dbd8'],
  [10, ones, 'ffffffff ffffffff', '408f276d 41c83b0e a20bc7c6 6d5451fd'],
  [10, pi, 'a4093822 299f31d0', 'd16cfe09 94fdcceb 5001e420 24126ea1'],
])(
  'philox4x32 of %i rounds gives the published answer for counter %s',
  (rounds, c, k, expected) => {
    const out = new Uint32Array(4)
    const [c0, c1, c2, c3] = words(c)
    const [k0, k1] = words(k)
    philox4x32(c0!, c1!, c2!, c3!, k0!, k1!, out, rounds)
    expect([...out]).toEqual(words(expected))
  },
)

it('agrees with exact integer arithmetic on counters and keys at random', () => {
  const mask = 0xffffffffn
  const exact = (c: bigint[], k0: bigint, k1: bigint) => {
    for (let round = 0; round < 10; round++) {
      const p = 0xcd9e8d57n * c[2]!
      const q = 0xd2511f53n * c[0]!
      c = [(p >> 32n) ^ c[1]! ^ k0, p & mask, (q >> 32n) ^ c[3]! ^ k1, q & mask]
      k0 = (k0 + 0x9e3779b9n) & mask
      k1 = (k1 + 0xbb67ae85n) & mask
    }
    return c.map(Number)
  }
  const out = new Uint32Array(4)
  const next = new Uint32Array(4)
  for (let i = 0; i < 3000; i++) {
    const [a, b, c, d] = [...out]
    philox4x32(a!, b!, c!, d!, i, d!, next)
    expect([...next]).toEqual(exact([...out].map(BigInt), BigInt(i), BigInt(d!)))
    out.set(next)
  }
})
