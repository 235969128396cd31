/** What an entry of the log does to a replica's state. */
import { expect, test } from 'vitest'
import { planWorker } from '../engine/index.ts'
import { createKernels } from '../kernels/index.ts'
import { quadraticConfig } from '../testing/federation.ts'
import type { Entry } from '../wire/index.ts'
import { Replica, scalarReplicaCapacity } from './replica.ts'

const localSteps = 3

function replicaOf(settings: readonly string[]): Replica {
  const plan = planWorker(quadraticConfig(...settings), 7, [])
  if (plan.protocol !== 'scalar') throw new Error('unreachable')
  return new Replica(createKernels(scalarReplicaCapacity(plan)), plan, (out) => out.fill(0.7))
}

/** Rounds of nothing but zeros: x moves by weight decay alone. */
function decayed(replica: Replica, rounds: number): Float32Array {
  for (let round = 0; round < rounds; round++) {
    const scalarsPerStep = replica.method.perturbations(round)
    const aggregates = new Float32Array(localSteps * scalarsPerStep)
    const entry: Entry = { type: 'entry', round, localSteps, seed: 5, scalarsPerStep, aggregates }
    replica.apply(entry)
  }
  return replica.params
}

test('weight decay acts once in every local step, with momentum and without', () => {
  const settings = ['method.weightDecay=0.5', 'method.learningRate=0.1']
  const without = decayed(replicaOf(settings), 2)
  expect(decayed(replicaOf([...settings, 'method.momentum=0.9']), 2)).toEqual(without)
  expect(without[0]).toBeCloseTo(0.7 * (1 - 0.1 * 0.5) ** (2 * localSteps), 6)
})
