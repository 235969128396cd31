import { describe, expect, it } from 'vitest'
import type { HessianSnapshot, ScalarSpread } from '../../core/engine/index.ts'
import { metricColumns, type MetricsRow } from '../../core/runs/index.ts'
import { roundAround } from '../model/xAxis.ts'
import { hessianHistogramChart, scalarsChart } from './insightCharts.ts'
import {
  cumulativeBytesChart,
  lossChart,
  markersOf,
  qualityChart,
  roundBytesChart,
} from './metricCharts.ts'
import { paintHistogram, paintParticipation } from './rasters.ts'
import { runColumnsOf, type RunColumns } from './runColumns.ts'
import { RunColumnsView } from './runColumnsView.ts'

function columnsOf(rounds: number): RunColumns {
  const row = Object.fromEntries(metricColumns.map((column) => [column, 2]))
  return runColumnsOf(
    Array.from({ length: rounds }, (_, at) => ({
      ...(row as unknown as MetricsRow),
      round: at + 1,
      cumulativeUplinkBytes: 10 * (at + 1),
      cumulativeDownlinkBytes: 30 * (at + 1),
    })),
  )
}

const settings = { x: 'round', smoothing: 0, lossScale: 'linear' } as const

describe('metric charts', () => {
  it('show the measured line faint behind the smoothed one', () => {
    const view = new RunColumnsView(columnsOf(10))
    expect(lossChart(view, settings, []).layers).toHaveLength(2)
    const smoothed = lossChart(view, { ...settings, smoothing: 0.9 }, []).layers
    expect(smoothed.map(({ id }) => id)).toEqual(['train:raw', 'train', 'test:raw', 'test'])
  })

  it('lay a pre-trained model’s accuracy before any round beside the one that it reaches', () => {
    const view = new RunColumnsView(columnsOf(10))
    const layersOf = (testAccuracy: number | undefined) =>
      qualityChart(view, settings, [], { testAccuracy }).layers
    expect(layersOf(undefined).map(({ id }) => id)).toEqual(['testAccuracy'])
    expect(layersOf(0.5)[1]).toMatchObject({ kind: 'reference', name: 'zero-shot', y: 0.5 })
  })

  it('show what answers in words are measured by, each beside what it was before any round', () => {
    const view = new RunColumnsView(columnsOf(10))
    const { title, layers } = qualityChart(view, settings, [], { f1: 0.2 }, ['exactMatch', 'f1'])
    expect(title).toBe('Answers')
    expect(layers.map(({ id }) => id)).toEqual(['exactMatch', 'f1', 'f1:zeroShot'])
    expect(layers[2]).toMatchObject({ name: 'F1, zero-shot', y: 0.2 })
  })

  it('hold 2 · participants · 4 · d bytes per round against what was sent', () => {
    const view = new RunColumnsView(columnsOf(10))
    const [dimensional] = cumulativeBytesChart(view, settings, 1000, []).layers
    expect(dimensional).toMatchObject({ kind: 'line', name: 'FedAvg' })
    expect((dimensional as { y: Float64Array }).y[9]).toBe(10 * 2 * 2 * 4 * 1000)
    expect(cumulativeBytesChart(view, settings, undefined, []).layers).toHaveLength(3)
  })

  it('show beside the copies for each what one message to all would be, on a network', () => {
    const columns = columnsOf(10)
    const namesOf = (own: RunColumns) =>
      roundBytesChart(new RunColumnsView(own), settings, []).layers.map(({ id }) => id)
    expect(namesOf(columns)).toEqual(['bytes', 'broadcast'])
    const broadcastBytes = columns.broadcastBytes.map(() => NaN)
    expect(namesOf({ ...columns, broadcastBytes })).toEqual(['bytes'])
  })

  it('mark a change at the first round that it governs, on every axis', () => {
    const view = new RunColumnsView(columnsOf(10))
    const changes = [{ round: 4, setting: 'learningRate', value: 0.1 }]
    expect(markersOf(view, 'round', changes)).toEqual([{ x: 5, text: 'η = 0.1' }])
    expect(markersOf(view, 'bytes', changes)[0]!.x).toBe(200)
  })

  it('sum only what is new when a run grows', () => {
    const view = new RunColumnsView(columnsOf(10))
    expect(view.totalBytes.at(-1)).toBe(400)
    expect(view.update(columnsOf(12)).totalBytes.at(-1)).toBe(480)
  })
})

describe('gradient scalars', () => {
  const spread: ScalarSpread = {
    round: Uint32Array.of(0, 0, 1, 1),
    localStep: new Uint32Array(4),
    perturbation: Uint32Array.of(0, 1, 0, 1),
    aggregate: Float32Array.of(1, 2, 3, 4),
    min: Float32Array.of(0, 1, 2, 3),
    max: Float32Array.of(2, 3, 4, 9),
    clients: new Uint32Array(4).fill(2),
  }

  it('have a line per perturbation and one band around all of them', () => {
    const { layers } = scalarsChart(
      new RunColumnsView(columnsOf(2)),
      'round',
      spread,
      undefined,
      [],
    )
    expect(layers.map(({ kind }) => kind)).toEqual(['band', 'line', 'line'])
    const band = layers[0] as unknown as { low: Float64Array; high: Float64Array }
    expect([...band.low]).toEqual([0, 2])
    expect([...band.high]).toEqual([3, 9])
  })

  it('of one perturbation have its own band', () => {
    const { layers } = scalarsChart(new RunColumnsView(columnsOf(2)), 'round', spread, 1, [])
    expect(layers).toHaveLength(2)
    expect([...(layers[0] as unknown as { high: Float64Array }).high]).toEqual([3, 9])
  })

  it('stand within their round, the last local step at its end', () => {
    const steps = {
      ...spread,
      localStep: Uint32Array.of(0, 1, 0, 1),
      perturbation: new Uint32Array(4),
    }
    const { layers } = scalarsChart(new RunColumnsView(columnsOf(2)), 'round', steps, undefined, [])
    expect([...(layers[1] as unknown as { x: Float64Array }).x]).toEqual([0.5, 1, 1.5, 2])
  })
})

describe('the histogram of H', () => {
  const snapshot = (rounds: number, histogram: number[]): HessianSnapshot => ({
    rounds,
    histogram: Uint32Array.from(histogram),
    low: -1,
    high: 1,
    ranks: Float64Array.of(1),
    values: Float64Array.of(1),
    effectiveRank: 1,
  })

  it('stands from its round to the next one, large values at the top', () => {
    const shares = paintHistogram(
      [snapshot(0, [0, 8]), snapshot(5, [8, 0])],
      { window: { from: 0, to: 10 }, y: { from: 0.1, to: 10 }, width: 2, height: 2 },
      Math.floor,
    )
    expect([...shares].map((share) => !Number.isNaN(share))).toEqual([true, false, false, true])
  })

  it('has an extent around all snapshots', () => {
    const view = new RunColumnsView(columnsOf(10))
    const { y } = hessianHistogramChart(view, 'round', [snapshot(1, [1, 1])], [])
    expect(y.extent).toEqual({ from: 0.1, to: 10 })
    expect(hessianHistogramChart(view, 'round', [], []).layers).toEqual([])
  })
})

describe('participation', () => {
  it('puts a round around its own x, like the points of the lines, and the newest is there', () => {
    const { round } = columnsOf(3)
    const xs = [0, 0.4, 0.6, 1, 1.4, 1.6, 2.9, 3, 3.4, 3.6]
    const at = xs.map((x) => roundAround(columnsOf(3), round, x))
    expect(at).toEqual([0, 0, 1, 1, 1, 2, 3, 3, 3, -1])
    const [first, none] = [columnsOf(1), columnsOf(0)]
    expect([0.2, 1, 1.4, 2].map((x) => roundAround(first, first.round, x))).toEqual([0, 1, 1, -1])
    expect(roundAround(none, none.round, 1)).toBe(-1)
  })

  it('is strong where clients answered, faint where they did not, empty elsewhere', () => {
    const rounds = {
      from: 0,
      participants: [Uint32Array.of(0, 1), Uint32Array.of(1)],
      answering: [Uint32Array.of(0), Uint32Array.of(1)],
    }
    const shares = paintParticipation(
      rounds,
      { from: 0, to: 2 },
      { width: 2, height: 2 },
      (left) => left,
    )
    expect(shares[0]).toBe(1)
    expect(shares[1]).toBeNaN()
    expect(shares[2]).toBeGreaterThan(0)
    expect(shares[2]).toBeLessThan(0.5)
    expect(shares[3]).toBe(1)
  })

  it('shows how often many clients of a pixel took part', () => {
    const all = [Uint32Array.from({ length: 500 }, (_, client) => client), Uint32Array.of(999)]
    const shares = paintParticipation(
      { from: 0, participants: all, answering: all },
      { from: 0, to: 1000 },
      { width: 2, height: 10 },
      (left) => left,
    )
    expect(shares[0]).toBe(1)
    expect(shares[19]).toBeLessThan(0.3)
  })
})
