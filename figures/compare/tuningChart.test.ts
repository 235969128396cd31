import { expect, it } from 'vitest'
import { parseRunConfig, planTuning } from '../../core/config/index.ts'
import type { Tuning } from '../../core/engine/index.ts'
import type { LineLayer } from '../model/chartModel.ts'
import { tuningChart } from './tuningChart.ts'

const configs = ['hiso', 'decomfl'].map((name) =>
  parseRunConfig({
    name: 'search',
    task: { dataset: 'mnist', model: 'softmax' },
    federation: { rounds: 40 },
    method: { name, learningRate: 0.01 },
  }),
)
const { rungs, candidates } = planTuning(configs, {
  learningRates: [0.01, 0.1],
  perturbations: [5, 20],
  halvings: 1,
})
/** The smaller rate goes on, the larger one diverges; DeComFL is still being searched. */
const tuning: Tuning = {
  rungs,
  share: 0.6,
  methods: configs.map((config, index) => {
    const tried = candidates[index]!.map((candidate) => ({
      ...candidate,
      losses: candidate.learningRate > 0.05 ? [Infinity] : [1.5, 1.2].slice(0, 2 - index),
    }))
    return {
      config,
      candidates: tried,
      isOver: index === 0,
      best: index === 0 ? tried[0] : undefined,
      isAtEdge: true,
    }
  }),
}
const layersOf = (rung: number) => tuningChart(tuning, rung, 'linear').layers as LineLayer[]

it('draws a line for each method and P over all rates, and leaves out what has diverged', () => {
  const lines = layersOf(0).filter(({ id }) => id.startsWith('line:'))
  expect(lines.map(({ name }) => name)).toEqual([
    'HiSo, P 5',
    'HiSo, P 20',
    'DeComFL, P 5',
    'DeComFL, P 20',
  ])
  expect(new Set(lines.map(({ color }) => color)).size).toBe(4)
  for (const { x, y } of lines) {
    expect([...x]).toEqual([0.01, 0.1])
    expect([...y]).toEqual([1.5, NaN])
  }
})

it('shows after later rounds only those that were kept', () => {
  expect(layersOf(1).map(({ x }) => x.length)).toEqual([1, 1, 0, 0, 1])
})
