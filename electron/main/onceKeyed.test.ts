import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseOnceKeyed } from './onceKeyed.ts'

test('a key that stands twice counts as not there, and costs no other', () => {
  const text = '{"a": {"x": 1, "y": 2, "x": 3}, "b": [{"c": 1, "\\u0063": 1}, 4], "d": 5}'
  expect(parseOnceKeyed(text)).toEqual({ a: { y: 2 }, b: [{}, 4], d: 5 })
})

test('what is no JSON is refused', () => {
  expect(() => parseOnceKeyed('{"a": 1,}')).toThrow(SyntaxError)
  expect(() => parseOnceKeyed('')).toThrow(SyntaxError)
})

test('all other JSON is what it is everywhere', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom(0, 2), (value, indent) => {
      const text = JSON.stringify(value, null, indent)
      expect(parseOnceKeyed(text)).toEqual(JSON.parse(text))
    }),
  )
})
