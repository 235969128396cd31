/** Figures of a walk explain themselves. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import temml from 'temml'
import { expect, it } from 'vitest'
import { figureMeaning } from './figureText.ts'

const folder = join(import.meta.dirname, '../../core/walk')
const sources = readdirSync(folder).map((file) => readFileSync(join(folder, file), 'utf8'))
const symbols = new Set(
  sources.flatMap((text) => [...text.matchAll(/symbol: '([^']+)'/g)].map(([, symbol]) => symbol!)),
)

it('finds the figures of the walk', () => expect(symbols.size).toBeGreaterThan(15))

it.each([...symbols])('%s says what it is', (symbol) => {
  const meaning = figureMeaning({ symbol })
  expect(meaning?.text).toMatch(/^[A-Z]/)
  if (meaning?.formula !== undefined)
    expect(() => temml.renderToString(meaning.formula!, { throwOnError: true })).not.toThrow()
})
