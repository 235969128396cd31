import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { RunConfig } from '../config/index.ts'
import { ConfigValues } from './configValues.ts'

const leaf = fc.oneof(fc.integer(), fc.boolean(), fc.constantFrom('a', 'b'))
const key = fc.constantFrom('kind', 'rank', 'deep', 'more')
const section = fc.dictionary(key, fc.oneof(leaf, fc.array(leaf), fc.dictionary(key, leaf)))
/** Some sections are one object for several configs, as in a library. */
const configs = fc
  .tuple(fc.array(section, { minLength: 1, maxLength: 3 }), fc.array(fc.nat(), { maxLength: 12 }))
  .chain(([sections, picks]) =>
    fc.array(
      fc.record(
        {
          seed: leaf,
          task: fc.constantFrom(...sections),
          method: fc.constantFrom(...sections),
        },
        { requiredKeys: [] },
      ),
      { minLength: 2, maxLength: 2 + (picks.length % 3) },
    ),
  )

/** Path by path, without a thought for what is shared. */
function plainly(value: unknown, path = ''): [string, unknown][] {
  if (Array.isArray(value)) return [[path, value.join(', ')]]
  if (typeof value !== 'object' || value === null) return [[path, value]]
  return Object.entries(value).flatMap(([name, inner]) =>
    plainly(inner, path === '' ? name : `${path}.${name}`),
  )
}

const sorted = (entries: Iterable<readonly [string, unknown]>) =>
  [...entries].sort(([a], [b]) => (a < b ? -1 : 1))

test('values are those of the config, whatever its sections share', () => {
  fc.assert(
    fc.property(configs, (all) => {
      for (const config of all) {
        const values = ConfigValues.of(config as unknown as RunConfig)
        const plain = plainly(config)
        expect(sorted(values)).toEqual(sorted(plain))
        expect(values.size).toBe(plain.length)
        for (const [path, value] of plain) expect(values.get(path)).toBe(value)
        expect(values.has('task.none')).toBe(false)
        expect(values.with([['rounds', 3]]).get('rounds')).toBe(3)
      }
    }),
  )
})

test('paths apart are those at which values differ or are missing', () => {
  fc.assert(
    fc.property(configs, ([first, second, ...others]) => {
      const [a, b] = [first, second].map((it) => ConfigValues.of(it as unknown as RunConfig))
      const plain = [first, second].map((it) => new Map(plainly(it)))
      const paths = new Set(plain.flatMap((it) => [...it.keys()]))
      const apart = [...paths].filter((path) => plain[0]!.get(path) !== plain[1]!.get(path))
      expect(a!.pathsApart(b!).toSorted()).toEqual(apart.toSorted())
      const all = [first, second, ...others]
      const flat = all.map((it) => ConfigValues.of(it as unknown as RunConfig))
      expect(ConfigValues.pathsOf(flat)).toEqual(
        new Set(all.flatMap((it) => plainly(it).map(([path]) => path))),
      )
    }),
  )
})
