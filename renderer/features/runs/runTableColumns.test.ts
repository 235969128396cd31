/** The library's columns: results stand before settings, and none is there with nothing to show. */
import { describe, expect, it } from 'vitest'
import { parseRunConfig } from '../../../core/config/index.ts'
import type { RunListing } from '../../../core/engine/index.ts'
import { LibraryRow } from '../../library/libraryRow.ts'
import { columnsOf } from './runTableColumns.ts'

function rowWith(latest: RunListing['record']['latest'], tags: string[] = []) {
  const totals = {
    uplinkBytes: 1,
    downlinkBytes: 1,
    catchUpBytes: 0,
    forwardPasses: 1,
    elapsedMs: 1,
  }
  return new LibraryRow({
    folder: '/runs/a',
    isLive: false,
    notes: { tags, text: '' },
    config: parseRunConfig({ name: 'a', task: { kind: 'quadratic' }, method: { name: 'hiso' } }),
    record: {
      format: 1,
      name: 'a',
      status: 'finished',
      created: new Date(0).toISOString(),
      rounds: 1,
      fingerprints: { model: 'a' },
      environment: {},
      model: { dim: 2, trainables: [] },
      totals,
      latest,
      notices: [],
    },
  })
}
const keysOf = (...rows: ReturnType<typeof rowWith>[]) =>
  columnsOf(['method.learningRate'], rows).map(({ key }) => key)

describe('columns of the library', () => {
  it('have the results before the settings', () => {
    const keys = keysOf(rowWith({ testAccuracy: 0.5, testLoss: 1 }))
    expect(keys.indexOf('accuracy')).toBeLessThan(keys.indexOf('method.learningRate'))
    expect(keys.indexOf('bytes')).toBeLessThan(keys.indexOf('method.learningRate'))
  })

  it('give a long name its room', () => {
    const widthOf = (title: string) => {
      const row = new LibraryRow(rowWith({ testLoss: 1 }).listing, title)
      return columnsOf([], [row])[0]!.width
    }
    const [least, needed] = ['short', 'a-preset · DeComFL · η 0.007 · seed 367'].map(widthOf)
    expect(least).toBe('minmax(14.0rem, 2.5fr)')
    expect(parseFloat(needed!.slice('minmax('.length))).toBeGreaterThan(16)
    expect(widthOf('x'.repeat(500))).toBe('minmax(25.0rem, 2.5fr)')
  })

  it('leave out accuracies and tags that no run has', () => {
    expect(keysOf(rowWith({ testLoss: 1 }))).not.toContain('accuracy')
    expect(keysOf(rowWith({ testLoss: 1 }))).not.toContain('tags')
    const keys = keysOf(rowWith({}), rowWith({ testAccuracy: 0.5 }, ['paper']))
    expect(keys).toContain('accuracy')
    expect(keys).toContain('tags')
  })
})
