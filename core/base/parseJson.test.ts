import fc from 'fast-check'
import { expect, it } from 'vitest'
import { parseJson } from './parseJson.ts'

it('reads what JSON.parse reads', () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      expect(parseJson(text)).toEqual(JSON.parse(text))
    }),
  )
  const confusing =
    '{"a\\": 1, \\"a": ":", "b": {"a\\": 1, \\"a": "{\\"b\\": 1}"}, "c": [{"b": 1}, {"b": 2}]}'
  expect(parseJson(confusing)).toEqual(JSON.parse(confusing))
  expect(parseJson('null')).toBeNull()
})

it.each([
  ['at the top', '{"a": 1, "b": 2, "a": 3}', 'a'],
  ['with equal values', '{"a": 1, "a": 1}', 'a'],
  ['inside', '{"b": [{"x": {"a": 1, "c": {"a": 1}, "a": 2}}]}', 'a'],
  ['spelt otherwise', '{"a": 1, "\\u0061": 2}', '\\u0061'],
  ['behind strings that look like keys', '{"x": "\\"a\\": {", "a": 1, "a" \n : 2}', 'a'],
  ['of the prototype', '{"__proto__": 1, "__proto__": 2}', '__proto__'],
])('refuses a key that stands twice %s', (_, text, key) => {
  expect(() => parseJson(text)).toThrow(`the key "${key}" stands twice in one object`)
})

it('takes time in proportion to the text', () => {
  const many = `{${Array.from({ length: 20_000 }, (_, at) => `"k${at}":"\\":"`).join()}}`
  expect(Object.keys(parseJson(many) as object)).toHaveLength(20_000)
})
