/**
 * Pieces: which parameters are trained at all. A mask is a diagonal H of 1 where x moves and ∞
 * where it stays: a whitened direction u / √H is then u or 0, exactly.
 */
import type { Curvature, ParameterSpace } from './curvature.ts'

/** H of a coordinate that stays as it is. */
const still = Infinity

/**
 * The share of each tensor with the smallest |x_0| sets a threshold; from then on |x| at most its
 * tensor's threshold is trained.
 */
export function smallest(share: number): Curvature<Thresholds> {
  return {
    hessian: 'mask',
    formula: String.raw`m_i = \left[\, |x_i| \le h \,\right], \quad z = m \odot u`,
    open: ({ dim, tensors }) => ({ ends: endsOf({ dim, tensors }), thresholds: [] }),
    begin(memory, { params, hessian }) {
      memory.thresholds = parts(memory.ends, params).map((part) => {
        const sizes = part.map(Math.abs).sort()
        return sizes[Math.max(1, Math.round(share * sizes.length)) - 1]!
      })
      writeMask(memory, params, hessian)
    },
    update: () => {},
    closeRound: (memory, { params, hessian }) => writeMask(memory, params, hessian),
  }
}

interface Thresholds {
  /** The end of each tensor in x. */
  readonly ends: readonly number[]
  /** h of each tensor. */
  thresholds: readonly number[]
}

function writeMask(
  { ends, thresholds }: Thresholds,
  params: Float32Array,
  hessian: Float32Array,
): void {
  let at = 0
  for (const [tensor, end] of ends.entries())
    for (; at < end; at++) hessian[at] = Math.abs(params[at]!) <= thresholds[tensor]! ? 1 : still
}

/**
 * After so many rounds, in which x stays where it is, the share of all coordinates with the largest
 * |Σ Δ| is trained, for good. Of equals the first.
 */
export function leading(share: number, rounds: number): Curvature<Sums> {
  return {
    hessian: 'mask',
    formula: String.raw`m_i = \left[\, \left|\textstyle\sum_r \Delta_i\right| \text{ is among the largest} \,\right], \quad z = m \odot u`,
    open: ({ dim }) => ({ sums: new Float64Array(dim) }),
    update({ sums }, { start, delta }) {
      if (sums === undefined) return
      for (let i = 0; i < delta.length; i++) sums[start + i]! += delta[i]!
    },
    closeRound(memory, { hessian, round }) {
      if (memory.sums === undefined || round + 1 < rounds) return
      const sizes = memory.sums.map(Math.abs)
      const trained = Math.max(1, Math.round(share * sizes.length))
      const least = sizes.toSorted()[sizes.length - trained]!
      let ties = trained - sizes.filter((size) => size > least).length
      for (const [at, size] of sizes.entries())
        hessian[at] = size > least || (size === least && ties-- > 0) ? 1 : still
      memory.sums = undefined
    },
  }
}

interface Sums {
  /** Σ Δ, float64[d], until the mask is chosen. */
  sums: Float64Array | undefined
}

/** Where each tensor ends in x; without tensors x is one. */
function endsOf({ dim, tensors }: ParameterSpace): number[] {
  if (tensors.length === 0) return [dim]
  let end = 0
  return tensors.map(({ shape }) => (end += shape.reduce((product, size) => product * size, 1)))
}

function parts(ends: readonly number[], params: Float32Array): Float32Array[] {
  return ends.map((end, tensor) => params.slice(ends[tensor - 1] ?? 0, end))
}
