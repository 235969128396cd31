import { describe, expect, it } from 'vitest'
import type { RunListing } from '../../core/engine/index.ts'
import { parseRunConfig } from '../../core/config/index.ts'
import { LibraryRow } from './libraryRow.ts'
import { findKeys, parseFilter } from './runFilter.ts'
import { sortRows } from './runOrder.ts'

/** The six configs that listings differ by besides their seed: thousands would take seconds. */
const configs = Array.from({ length: 6 }, (_, index) =>
  parseRunConfig({
    name: index % 2 === 0 ? 'fashion study' : 'quickstart',
    task: { dataset: 'mnist', model: 'mlp' },
    split: { kind: 'dirichlet', alpha: [0.1, 1, 10][index % 3] },
    method: { name: index % 2 === 0 ? 'hiso' : 'decomfl' },
  }),
)

function listing(index: number, accuracy: number | undefined, tags: string[] = []): RunListing {
  return {
    folder: `/runs/${index}`,
    isLive: false,
    notes: { tags, text: '' },
    config: { ...configs[index % 6]!, seed: index },
    record: {
      format: 1,
      name: 'run',
      status: index % 5 === 4 ? 'failed' : 'finished',
      created: new Date(2026, 0, 1, 0, index).toISOString(),
      rounds: 100,
      fingerprints: { model: 'a' },
      environment: {},
      model: { dim: 1000, trainables: [] },
      totals: {
        uplinkBytes: 1000 * index,
        downlinkBytes: 0,
        catchUpBytes: 0,
        forwardPasses: 10,
        elapsedMs: 2000,
      },
      latest: accuracy === undefined ? {} : { testAccuracy: accuracy },
      notices: [],
    },
  }
}

const rows = [0.5, undefined, 0.9, 0.7, 0.1].map(
  (accuracy, index) => new LibraryRow(listing(index, accuracy, index === 2 ? ['paper'] : [])),
)
const keys = new Set(rows.flatMap(({ values }) => [...values.keys()]))
const facts = new Set(rows.flatMap((row) => [...row.facts]))
const found = (text: string) =>
  rows.filter(parseFilter(text, keys, facts).matches).map(({ folder }) => folder.slice(6))

describe('the filter', () => {
  it('finds words anywhere and conditions on config and results, all of them together', () => {
    expect(found('fashion')).toEqual(['0', '2', '4'])
    expect(found('accuracy>=0.7')).toEqual(['2', '3'])
    expect(found('accuracy>60% hiso')).toEqual(['2'])
    expect(found('alpha<1')).toEqual(['0', '3'])
    expect(found('method.name=decomfl')).toEqual(['1', '3'])
    expect(found('bytes>=3kB')).toEqual(['3', '4'])
    expect(found('tag:paper')).toEqual(['2'])
    expect(found('state!=failed')).toEqual(['0', '1', '2', '3'])
    expect(found('"fashion study" seed=4')).toEqual(['4'])
    expect(found('')).toHaveLength(5)
  })

  it('takes a word that is a method, a state or a tag for just that', () => {
    const named = rows.map(
      ({ listing }, index) =>
        new LibraryRow({
          ...listing,
          config: { ...listing.config, name: 'fashion-hiso-vs-decomfl' },
          notes: { tags: index === 0 ? ['paper'] : [], text: index === 1 ? 'for the paper' : '' },
        }),
    )
    const own = new Set(named.flatMap((row) => [...row.facts]))
    const count = (text: string) => named.filter(parseFilter(text, keys, own).matches).length
    expect(count('decomfl')).toBe(2)
    expect(count('HiSo')).toBe(3)
    expect(count('failed')).toBe(1)
    expect(count('paper')).toBe(1)
    expect(count('vs-decomfl')).toBe(5)
  })

  it('says what it does not understand and uses the rest', () => {
    expect(parseFilter('colour=red', keys, facts).problem).toBe('No run has a value called colour.')
    expect(parseFilter('seed>many', keys, facts).problem).toBe('seed> needs a number.')
    expect(parseFilter('seed>', keys, facts).problem).toBeUndefined()
  })

  it('reads a number as it looks, or says that it can not', () => {
    const problem = (text: string) => parseFilter(text, keys, facts).problem
    expect(found('bytes>=3\u202f000')).toEqual(found('bytes>=3000'))
    expect(found('bytes>=3\u00a0000')).toHaveLength(2)
    expect(found('seed>\u22121')).toHaveLength(5)
    for (const odd of ['1,000', '1 000', '\u0661\u0660', '\uff11', '1\u066b5', '\u22121.000,5'])
      for (const operator of ['=', '>', '!='])
        expect(problem(`seed${operator}${odd}`), odd).toContain('two ways')
    expect(problem('seed=4 1000')).toBeUndefined()
  })

  it('finds keys by their end', () => {
    expect(findKeys('nu', keys)).toEqual(['method.hessian.nu'])
    expect(findKeys('seed', keys)).toEqual(['seed'])
  })
})

describe('the order', () => {
  it('puts what was not measured last, either way', () => {
    const order = (isDescending: boolean) =>
      sortRows(rows, { key: 'accuracy', isDescending }).map(({ folder }) => folder.slice(6))
    expect(order(false)).toEqual(['4', '0', '3', '2', '1'])
    expect(order(true)).toEqual(['2', '3', '0', '4', '1'])
  })

  it('filters and sorts 10,000 runs in well under 200 ms', () => {
    const many: LibraryRow[] = Array.from(
      { length: 10_000 },
      (_, index) => new LibraryRow(listing(index, ((index * 7919) % 1000) / 1000)),
    )
    // As the app does while nothing else is to be done.
    for (const { text, values } of many) expect(text.length + values.size).toBeGreaterThan(0)
    const started = performance.now()
    const { matches } = parseFilter('fashion alpha<5 accuracy>0.2', keys, facts)
    const sorted = sortRows(many.filter(matches), { key: 'title', isDescending: true })
    expect(sorted.length).toBeGreaterThan(1000)
    expect(performance.now() - started).toBeLessThan(200)
  })
})
