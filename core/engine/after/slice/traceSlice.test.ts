/** A slice shows the run's own path and losses, whatever spans it, and says how far it is. */
import { describe, expect, it, test } from 'vitest'
import { parseRunConfig } from '../../../config/index.ts'
import { memoryEngineHost } from '../../../testing/engineHost.ts'
import { Run } from '../../play/run.ts'
import type { SliceAxes } from '../../protocol/slice.ts'
import { tracePlane } from '../tracePlane.ts'
import { orthonormal, principalAxes, dot } from './axes.ts'
import { traceSlice } from './traceSlice.ts'

const rounds = 12
const configOf = (method: object, dim = 3) =>
  parseRunConfig({
    name: 'slice',
    task: { kind: 'quadratic', dim, spectrum: { kind: 'low-rank', largest: 5, rank: 1 } },
    federation: { clients: 3, participants: 2, rounds, localSteps: 1 },
    method: { learningRate: 0.05, ...method },
  })
const unwatched = { progressed() {}, isCancelled: () => false }

async function played(methods: readonly object[], dim?: number) {
  const host = memoryEngineHost()
  for (const [at, method] of methods.entries())
    await (await Run.start(host, configOf(method, dim), `/runs/${at}`)).play()
  return host
}

const everyAxes: SliceAxes[] = ['path', 'steps', { probesOf: 4 }]

describe('a slice', () => {
  it.each(['hiso', 'decomfl', 'fedkseed'])('%s: has the losses of its plane', async (name) => {
    const host = await played([{ name, perturbations: 3, mu: 0.01 }], 2)
    const { curvature } = await tracePlane(host, configOf({ name }, 2))
    const sum = curvature[0] + curvature[1]
    for (const axes of everyAxes) {
      const trace = (await traceSlice(host, { folder: '/runs/0', axes }, unwatched))!
      // d = 2: the plane holds every x, and whatever its axes f_aa + f_bb is the trace λ_1 + λ_2.
      expect(trace.captured).toBeCloseTo(1, 5)
      const at = (column: number, row: number) => trace.losses[row * trace.side + column]!
      const step = (trace.extent[1] - trace.extent[0]) / (trace.side - 1)
      const bends = at(0, 10) + at(20, 10) + at(10, 0) + at(10, 20) - 4 * at(10, 10)
      expect(bends / (10 * step) ** 2 / sum).toBeCloseTo(1, 2)
      expect(trace.path.points).toHaveLength(2 * trace.path.rounds.length)
      for (const spread of trace.path.spreads) expect(spread[0]! * spread[2]!).toBeGreaterThan(0)
    }
  })

  it('keeps the lengths of the path that it captures', async () => {
    const host = await played([{ name: 'hiso', perturbations: 3 }], 2)
    const { path } = (await traceSlice(host, { folder: '/runs/0', axes: 'path' }, unwatched))!
    expect([...path.rounds]).toEqual(Array.from({ length: rounds + 1 }, (_, at) => at))
    // x_0 = (1, 1), and the plane's origin is the last x.
    const all = (await traceSlice(host, { folder: '/runs/0', axes: 'steps' }, unwatched))!
    const length = ({ points }: typeof path) => Math.hypot(points[0]!, points[1]!)
    expect(length(path)).toBeCloseTo(length(all.path), 5)
    expect([...path.points.slice(-2)]).toEqual([0, 0])
  })

  it('spans the first two probes of a round, which stand at μ along its axes', async () => {
    const host = await played([{ name: 'decomfl', perturbations: 3, mu: 0.01 }], 50)
    const axes = { probesOf: 4 }
    const { path } = (await traceSlice(host, { folder: '/runs/0', axes }, unwatched))!
    expect([...path.rounds]).toEqual([4, 5])
    // The probes begin at the x of the round, in the middle of the picture.
    expect([...path.points.slice(0, 2)]).toEqual([0, 0])
    const [first] = path.probes
    expect(first).toHaveLength(6)
    expect(first![1]!).toBeCloseTo(0, 6)
    expect(first![0]! / (0.01 * Math.sqrt(50))).toBeCloseTo(1, 0)
    expect(path.spreads[0]!.map((value) => Math.round(value * 1e4) / 1e4)).toEqual(
      Float64Array.of(1, 0, 1),
    )
  })

  it('lays another run of the same model into its plane', async () => {
    const host = await played([
      { name: 'hiso', perturbations: 3 },
      { name: 'fedavg', perturbations: undefined },
    ])
    const order = { folder: '/runs/0', axes: 'path', beside: '/runs/1' } as const
    const { path, beside } = (await traceSlice(host, order, unwatched))!
    expect([...beside!.points.slice(0, 2)]).toEqual([...path.points.slice(0, 2)])
    expect(beside!.probes[0]).toHaveLength(0)
  })

  it.each([
    ['a round that is not there', '/runs/0', 99, /has 12 rounds so far/],
    ['probes of a method without', '/runs/1', 1, /whole vectors/],
  ])('refuses %s', async (_, folder, probesOf, message) => {
    const host = await played([
      { name: 'hiso', perturbations: 3 },
      { name: 'fedavg', perturbations: undefined },
    ])
    const order = { folder, axes: { probesOf } }
    await expect(traceSlice(host, order, unwatched)).rejects.toThrow(message)
  })

  it('refuses a single parameter, and a run of another model', async () => {
    const one = await played([{ name: 'hiso', perturbations: 1 }], 1)
    const order = { folder: '/runs/0', axes: 'path' } as const
    await expect(traceSlice(one, order, unwatched)).rejects.toThrow(/a line, not a plane/)
    const host = await played([{ name: 'hiso' }])
    await (await Run.start(host, configOf({ name: 'hiso' }, 7), '/runs/other')).play()
    const beside = { ...order, beside: '/runs/other' }
    await expect(traceSlice(host, beside, unwatched)).rejects.toThrow(/another model/)
  })

  it('says how far it is, and ends when it is cancelled', async () => {
    const host = await played([{ name: 'hiso' }])
    const order = { folder: '/runs/0', axes: 'path' } as const
    const shares: number[] = []
    await traceSlice(host, order, { ...unwatched, progressed: (share) => shares.push(share) })
    expect(shares).toEqual([...shares].sort((a, b) => a - b))
    expect(shares.at(-1)).toBe(1)
    let asked = 0
    const cancelled = { progressed() {}, isCancelled: () => ++asked > 30 }
    expect(await traceSlice(host, order, cancelled)).toBeUndefined()
    expect(asked).toBe(31)
  })
})

test('principal axes are those of a known ellipse, and fewer where there is one direction', () => {
  const vectors = Array.from({ length: 30 }, (_, at) => {
    const turn = (2 * Math.PI * at) / 30
    return Float32Array.of(0, 5 * Math.cos(turn), 0.1, 2 * Math.sin(turn))
  })
  const [long, short] = principalAxes(vectors)
  expect(Math.abs(long![1]!)).toBeCloseTo(1, 4)
  expect(Math.abs(short![3]!)).toBeCloseTo(1, 4)
  expect(dot(long!, short!)).toBeCloseTo(0, 6)
  expect(principalAxes([Float32Array.of(1, 2), Float32Array.of(2, 4)])).toHaveLength(1)
  expect(orthonormal([Float32Array.of(0, 0)])).toEqual([])
})
