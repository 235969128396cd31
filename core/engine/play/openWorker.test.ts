/** What workers keep, and which runs let them update one state together. */
import { expect, test } from 'vitest'
import { quadraticConfig } from '../../testing/federation.ts'
import { planWorker } from '../index.ts'

const plan = (dim: number, workers: number, ...overrides: readonly string[]) =>
  planWorker(
    quadraticConfig('federation.localSteps=1', ...overrides),
    dim,
    [{ name: 'x', shape: [dim] }],
    workers,
  )

test('workers share a large state, and the memory of all for directions', () => {
  const dim = 2 ** 20
  const directions = ['compute.directionMemory=4', 'method.perturbations=4']
  expect(plan(dim, 3, ...directions)).toMatchObject({ isShared: true, keptDirections: 3 })
  expect(plan(dim, 1, ...directions)).toMatchObject({ isShared: false, keptDirections: 1 })
})

test.each([
  ['a small one', 2 ** 20 - 1, []],
  ['one that clients leave in local steps', 2 ** 20, ['federation.localSteps=2']],
  ['one with an H per row', 2 ** 20, ['method.hessian.shape=row']],
  ['one that takes sums over all coordinates', 2 ** 20, ['method.orthogonal=true']],
])('%s is kept by each for itself', (_, dim, overrides) => {
  expect(plan(dim, 2, ...overrides)).toMatchObject({ isShared: false })
})

test('vectors that move whole are kept by each for itself', () => {
  expect(plan(2 ** 20, 2, 'method.name=fedavg')).not.toHaveProperty('isShared')
})

test('where memory is short, clients in their local steps come before directions', () => {
  const dim = 2 ** 18
  const local = ['federation.localSteps=2', 'federation.participants=3', 'method.perturbations=4']
  const withRoomFor = (vectors: number) =>
    plan(dim, 1, ...local, `compute.directionMemory=${vectors}`)
  expect(withRoomFor(20)).toMatchObject({ keptClients: 3, keptDirections: 8 })
  expect(withRoomFor(5)).toMatchObject({ keptClients: 3, keptDirections: 2 })
  expect(withRoomFor(2)).toMatchObject({ keptClients: 2, keptDirections: 0 })
  expect(withRoomFor(0)).toMatchObject({ keptClients: 1, keptDirections: 0 })
})
