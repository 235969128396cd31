import fc from 'fast-check'
import { expect, test } from 'vitest'
import { packObjects, SharedValues, unpackObjects } from './sharedValues.ts'

const rows = fc.array(fc.dictionary(fc.string(), fc.jsonValue(), { maxKeys: 5 }), { maxLength: 8 })

test('objects come out of their packed form, through JSON, as they went in', () => {
  fc.assert(
    fc.property(rows, (objects) => {
      const plain = JSON.parse(JSON.stringify(objects)) as object[]
      const packed = JSON.parse(JSON.stringify(packObjects(plain))) as typeof objects
      expect(unpackObjects(packed as never)).toEqual(plain)
    }),
  )
})

test('a key that names the prototype is a key like any other', () => {
  const plain = JSON.parse('[{"__proto__":{"status":"finished"},"seed":1}]') as object[]
  const [unpacked] = unpackObjects(packObjects(plain))
  expect(JSON.stringify([unpacked])).toBe(JSON.stringify(plain))
  expect(unpacked).not.toHaveProperty('status')
})

test('equal parts are one object, before and after packing', () => {
  const shared = new SharedValues()
  const one = shared.shareParts({ seed: 1, task: { kind: 'a', hidden: [3] } })
  const two = shared.shareParts({ seed: 2, task: { kind: 'a', hidden: [3] } })
  expect(two.task).toBe(one.task)
  const [first, second] = unpackObjects(packObjects([one, { ...two, task: { ...two.task } }]))
  expect(second).toEqual(two)
  expect((second as typeof two).task).toBe((first as typeof one).task)
})
