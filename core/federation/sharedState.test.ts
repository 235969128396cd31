/**
 * One state, several workers: every chunk of every round belongs to exactly one of them, and a
 * death leaves nothing half done.
 */
import { describe, expect, test } from 'vitest'
import { planWorker } from '../engine/index.ts'
import { createKernels } from '../kernels/index.ts'
import { hashOf, quadraticConfig } from '../testing/federation.ts'
import { createMethod, movesVectors } from '../methods/index.ts'
import type { Entry } from '../wire/index.ts'
import { Replica, scalarReplicaCapacity } from './replica.ts'
import type { ReplicaPlan } from './replicaPlan.ts'
import { chunksAt, createSharedState, restoreChunks, type SharedState } from './sharedState.ts'

const config = quadraticConfig('federation.localSteps=1', 'method.perturbations=2')
const { task, method } = config
if (task.kind !== 'quadratic' || movesVectors(method)) throw new Error('unreachable')
const { dim } = task
const planned = planWorker(config, dim, [])
if (planned.protocol !== 'scalar') throw new Error('unreachable')
const plan: ReplicaPlan = { ...planned, isShared: true }
const start = (out: Float32Array) => out.fill(0.5)
const entries = [1, 2, 3].map((seed, round): Entry => ({
  type: 'entry',
  round,
  localSteps: 1,
  seed,
  scalarsPerStep: createMethod(method, 20).perturbations(round),
  aggregates: Float32Array.of(seed / 10, -0.3),
}))

function replicaAt(state: SharedState, worker: number): Replica {
  const kernels = createKernels(scalarReplicaCapacity(plan), 'any')
  return new Replica(kernels, plan, start, { state, workerIndex: worker })
}

/** The hash after all entries of a replica that shares nothing. */
function hashAlone(): string {
  const kernels = createKernels(scalarReplicaCapacity({ ...plan, isShared: false }))
  const replica = new Replica(kernels, { ...plan, isShared: false }, start)
  for (const entry of entries) replica.apply(entry)
  return hashOf(replica)
}

describe('a shared state', () => {
  test('deals each chunk of a round to exactly one worker, however their turns come', () => {
    const state = createSharedState(plan, 16)
    restoreChunks({ state, workerIndex: 0 }, start)
    const turns = [0, 1, 2].map((workerIndex) => chunksAt({ state, workerIndex }, 0))
    const dealt: number[] = []
    for (let open = turns; open.length > 0;)
      open = open.filter((turn) => {
        const { value, done } = turn.next()
        if (value !== undefined) dealt.push(value[0])
        return done !== true
      })
    expect(dealt.toSorted((a, b) => a - b)).toEqual([0, 16, 32, 48, 64, 80, 96])
    expect([...state.progress]).toEqual(Array(7).fill(1))
  })

  test('is the same when one worker is ahead, another late, and each has its share', () => {
    const state = createSharedState(plan, 16)
    const [ahead, late] = [replicaAt(state, 0), replicaAt(state, 1)]
    // The late one holds a chunk of the first round while the other goes through all rounds.
    const held = chunksAt({ state, workerIndex: 1 }, 0)
    held.next()
    for (const entry of entries) ahead.apply(entry)
    expect(state.progress.filter((rounds) => rounds === entries.length)).toHaveLength(6)
    held.return()
    // What was held is done anew by who comes after, from x_0 on.
    const successor = replicaAt(state, 1)
    for (const entry of entries) successor.apply(entry)
    for (const entry of entries) late.apply(entry)
    expect(hashOf(successor)).toBe(hashAlone())
    expect(hashOf(late)).toBe(hashAlone())
  })

  test('is torn by a worker that dies within a chunk, and made whole by its successor', () => {
    const state = createSharedState(plan, 16)
    const first = replicaAt(state, 0)
    const second = replicaAt(state, 1)
    for (const entry of entries.slice(0, 2)) {
      first.apply(entry)
      second.apply(entry)
    }
    const torn = chunksAt({ state, workerIndex: 1 }, 2)
    const [from, to] = torn.next().value!
    state.params.fill(NaN, from, to)
    state.hessian.fill(NaN, from, to - 3)
    first.apply(entries[2]!)
    const successor = replicaAt(state, 1)
    for (const entry of entries) successor.apply(entry)
    expect(hashOf(first)).toBe(hashAlone())
  })
})
