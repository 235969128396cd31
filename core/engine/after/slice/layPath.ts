/** A run's path laid into a plane: projections, and how much room they need. */
import type { StoredModel } from '../../../runs/index.ts'
import type { SliceAxes, SlicePath } from '../../protocol/slice.ts'
import { dot } from './axes.ts'
import { probesOf, type KeptState } from './keepStates.ts'

/** Room around the path or the probes, as a share of them. */
const margin = 1.3
/** A step this many times longer than the probes would leave nothing of them to be seen. */
const longestStep = 4

export function difference(a: Float32Array, b: Float32Array): Float32Array {
  return a.map((value, j) => value - b[j]!)
}

/** A run's states and probes in the coordinates of the plane. */
export function laidInto(
  run: StoredModel,
  states: readonly KeptState[],
  centre: Float32Array,
  axes: readonly [Float32Array, Float32Array],
): SlicePath {
  const pair = (vector: Float32Array) => [dot(vector, axes[0]), dot(vector, axes[1])]
  const probes = states.map((state) => {
    const own: number[] = []
    probesOf(run, state, (probe) => own.push(...pair(probe)))
    return Float64Array.from(own)
  })
  return {
    rounds: Uint32Array.from(states, ({ rounds }) => rounds),
    points: Float64Array.from(states.flatMap(({ params }) => pair(difference(params, centre)))),
    probes,
    spreads: states.map((state) => spreadOf(state, axes)),
  }
}

/** The covariance of z = H^(-1/2) u in the plane; a mask's directions have none like it. */
function spreadOf(
  { method, hessian }: KeptState,
  [a, b]: readonly [Float32Array, Float32Array],
): Float64Array {
  if (method === undefined || method.curvature.hessian === 'mask') return new Float64Array()
  const spread = new Float64Array(3)
  for (let j = 0; j < a.length; j++) {
    const variance = 1 / (hessian?.[j] ?? 1)
    spread[0]! += variance * a[j]! * a[j]!
    spread[1]! += variance * a[j]! * b[j]!
    spread[2]! += variance * b[j]! * b[j]!
  }
  return spread
}

/** What the picture shows: a square, so that lengths and angles are true. */
export function extentOf(
  axes: SliceAxes,
  paths: readonly SlicePath[],
): readonly [number, number, number, number] {
  const lengthsOf = (pairs: Float64Array) => [...pairs].map(Math.abs).filter(Number.isFinite)
  if (typeof axes === 'object') {
    const { probes, points } = paths[0]!
    const longest = Math.max(1e-12, ...lengthsOf(probes[0]!))
    const step = Math.max(0, ...lengthsOf(points))
    const half = margin * (step <= longestStep * longest ? Math.max(longest, step) : longest)
    return [-half, half, -half, half]
  }
  const ends = [0, 1].map((axis) => {
    const values = paths
      .flatMap(({ points }) => [...points.filter((_, at) => at % 2 === axis)])
      .filter(Number.isFinite)
    return [Math.min(...values), Math.max(...values)] as const
  })
  const half = (margin / 2) * Math.max(1e-12, ...ends.map(([low, high]) => high - low))
  const [[left, right], [low, high]] = ends as [
    readonly [number, number],
    readonly [number, number],
  ]
  const [x, y] = [(left + right) / 2, (low + high) / 2]
  return [x - half, x + half, y - half, y + half]
}

/** The share of the path's squared length that lies in the plane. */
export function capturedBy(
  { points }: SlicePath,
  states: readonly KeptState[],
  centre: Float32Array,
): number {
  let inside = 0
  let whole = 0
  states.forEach(({ params }, at) => {
    const away = difference(params, centre)
    const length = dot(away, away)
    if (!Number.isFinite(length)) return
    whole += length
    inside += points[2 * at]! ** 2 + points[2 * at + 1]! ** 2
  })
  return whole > 0 ? inside / whole : 1
}
