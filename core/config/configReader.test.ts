/** Reading by pieces is reading. */
import fc from 'fast-check'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { createConfigReader } from './configReader.ts'
import { formatConfig, parseConfigText, readConfigText } from './configText.ts'

const presets = join(import.meta.dirname, '..', '..', 'resources', 'presets')
const texts = readdirSync(presets).map((name) => readFileSync(join(presets, name), 'utf8'))

function outcomeOf(read: () => unknown): unknown {
  try {
    return read()
  } catch (error) {
    return String(error)
  }
}

describe('a reader of many configs', () => {
  test('gives what each of them says by itself', () => {
    const read = createConfigReader()
    const stored = texts.map((text) => formatConfig(parseConfigText(text, 'preset')))
    for (const text of [...texts, ...stored, ...stored])
      expect(read(text, 'a.yaml')).toEqual(readConfigText(text, 'a.yaml'))
  })

  test.each([
    ['a key twice', 'a: 1\nb: 2\na: 3\n'],
    ['an alias to another piece', 'a: &x { b: 1 }\nc: *x\n'],
    ['a broken piece', 'a: 1\nb: [1,\n'],
    ['a quote over the edge', 'a: "one\nb: two"\n'],
    ['a text block', 'a: |\n  one\n\n  two\nb: 1\n'],
    ['comments', '# of a\na: 1 # one\n# of b\nb: 2\n'],
    ['several documents', 'a: 1\n---\nb: 2\n'],
    ['no key at all', 'hello\n'],
    ['a list', '- 1\n- 2\n'],
    ['JSON', '{ "a": 1,\n  "b": 2 }\n'],
    ['an indented start', '  a: 1\n'],
    ['a line of two', 'a: one\n  two\nb: 1\n'],
    ['nothing', ''],
    ['lines of Windows', 'a: 1\r\nb:\r\n  c: 2\r\n'],
  ])('%s: says the same as reading it whole', (_, text) => {
    const read = createConfigReader()
    expect(outcomeOf(() => read(text, 'a.yaml'))).toEqual(
      outcomeOf(() => readConfigText(text, 'a.yaml')),
    )
  })

  test('gives back whatever was written', () => {
    const read = createConfigReader()
    const key = fc.stringMatching(/^[a-z][a-z0-9]{0,6}$/)
    fc.assert(
      fc.property(fc.dictionary(key, fc.jsonValue({ maxDepth: 3 })), (value) => {
        const text = stringify(value)
        // Keys that belong to JavaScript are refused by both.
        expect(outcomeOf(() => read(text, 'a.yaml'))).toEqual(
          outcomeOf(() => readConfigText(text, 'a.yaml')),
        )
      }),
    )
  })
})
