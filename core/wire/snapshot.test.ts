import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { HisoError } from '../base/index.ts'
import {
  decode,
  encode,
  frameFields,
  snapshotFrameBytes,
  SnapshotParts,
  snapshotParts,
  type ChangedSetting,
  type ReplicaState,
  type Snapshot,
} from './index.ts'
import { changeableSettings } from './changeableSettings.ts'
import { snapshotPartLength } from './snapshotMessage.ts'

const changed = fc
  .tuple(...changeableSettings.map(() => fc.option(fc.double({ noNaN: true }))))
  .map((values) =>
    values.flatMap((value, at): ChangedSetting[] =>
      value === null ? [] : [{ setting: changeableSettings[at]!, value }],
    ),
  )

const states: fc.Arbitrary<ReplicaState> = fc
  .record({
    round: fc.integer({ min: 1, max: 2 ** 40 }),
    changed,
    count: fc.integer({ min: 1, max: 3 }),
    dim: fc.integer({ min: 1, max: 9 }),
    first: fc.float({ noNaN: true }),
  })
  .map(({ round, changed: settings, count, dim, first }) => ({
    round,
    changed: settings,
    vectors: Array.from({ length: count }, (_, at) =>
      new Float32Array(dim).map((_0, j) => first + at * dim + j),
    ),
  }))

const isSame = (a: Float32Array, b: Float32Array) =>
  a.length === b.length && a.every((value, at) => value === b[at])

const framesOf = (state: ReplicaState) => Array.from(snapshotParts(state), encode)
const shapeOf = ({ vectors }: ReplicaState) => ({
  vectors: vectors.length,
  dim: vectors[0]!.length,
})
const decoded = (frame: Uint8Array) => decode(frame).message as Snapshot

describe('a snapshot', () => {
  test('comes back as it was from its frames, which have the bytes that were foretold', () => {
    fc.assert(
      fc.property(states, (state) => {
        const frames = framesOf(state)
        const parts = new SnapshotParts(shapeOf(state))
        const [last, ...before] = frames.map((frame) => parts.add(decoded(frame))).reverse()
        expect(last).toEqual(state)
        expect(before.every((it) => it === undefined)).toBe(true)
        const bytes = frames.reduce((sum, { length }) => sum + length, 0)
        expect(snapshotFrameBytes(state.round, shapeOf(state), state.changed.length)).toBe(bytes)
      }),
    )
  })

  test.each([-1, 0, 5])('of vectors %s numbers longer than a frame comes back, too', (more) => {
    const dim = snapshotPartLength + more
    const ramp = new Float32Array(dim).map((_, at) => at)
    const state = { round: 9, changed: [], vectors: [ramp, ramp.map((it) => -it)] }
    const frames = framesOf(state)
    const parts = new SnapshotParts(shapeOf(state))
    const [last] = frames.map((frame) => parts.add(decoded(frame))).reverse()
    for (const [at, vector] of state.vectors.entries())
      expect(isSame(last!.vectors[at]!, vector)).toBe(true)
    const bytes = frames.reduce((sum, { length }) => sum + length, 0)
    expect(snapshotFrameBytes(9, shapeOf(state), 0)).toBe(bytes)
    expect(Math.max(...frames.map(({ length }) => length))).toBeLessThan(2 ** 19 + 64)
  })

  test('is taken up whole or not at all, whatever parts are lost, repeated or of another one', () => {
    const state = (round: number): ReplicaState => ({
      ...{ round, changed: [] },
      vectors: [new Float32Array(2 * snapshotPartLength + 3).fill(round)],
    })
    const frames = [...framesOf(state(4)), ...framesOf(state(5))]
    fc.assert(
      fc.property(fc.array(fc.nat(frames.length - 1), { maxLength: 12 }), (order) => {
        const parts = new SnapshotParts(shapeOf(state(4)))
        for (const at of order) {
          const found = parts.add(decoded(frames[at]!))
          if (found === undefined) continue
          expect(isSame(found.vectors[0]!, state(found.round).vectors[0]!)).toBe(true)
        }
      }),
      { numRuns: 30 },
    )
  })

  test('shows what each of its bytes is', () => {
    const vectors = [new Float32Array(3), new Float32Array(3)]
    const [frame] = framesOf({ round: 2, changed: [{ setting: 'nu', value: 0.5 }], vectors })
    const fields = frameFields(frame!)
    expect(fields.reduce((sum, { length }) => sum + length, 0)).toBe(frame!.length)
    expect(fields.map(({ label }) => label)).toEqual([
      ...['type', 'payload length', 'round', 'changed settings', 'setting', 'value'],
      ...['vectors', 'dimension d', 'first number', 'vector x', 'vector 2 of the state'],
      'checksum',
    ])
  })

  test('of another shape than the model, or with parts cut elsewhere, is refused', () => {
    const part = decoded(framesOf({ round: 2, changed: [], vectors: [new Float32Array(3)] })[0]!)
    for (const shape of [
      { vectors: 1, dim: 4 },
      { vectors: 2, dim: 3 },
    ])
      expect(() => new SnapshotParts(shape).add(part)).toThrow(HisoError)
    const nu = { setting: 'nu', value: 0.5 } as const
    for (const wrong of [
      { from: 1 },
      { numbers: new Float32Array(2) },
      { numbers: new Float32Array() },
      { dim: 4 },
      { changed: [nu, nu] },
      { changed: [nu, { setting: 'learningRate', value: 1 } as const] },
    ])
      expect(() => decode(encode({ ...part, ...wrong }))).toThrow(HisoError)
  })
})
