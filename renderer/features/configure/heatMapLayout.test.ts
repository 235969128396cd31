/** The heat map shows up to a thousand clients each by itself, inside its place. */
import { describe, expect, it } from 'vitest'
import { cellAt, heatMapLayout } from './heatMapLayout.ts'

describe('the layout', () => {
  it.each([1, 2, 8, 60, 200, 1000])(
    'shows each of %i clients in a column of its own',
    (clients) => {
      const layout = heatMapLayout(clients, 10, 340, 260)
      expect(layout.step).toBe(1)
      expect(layout.height).toBeLessThanOrEqual(260)
      expect(layout.cellWidth).toBeGreaterThanOrEqual(2)
      expect(layout.cellWidth * layout.perBand).toBeLessThanOrEqual(340)
      expect(layout.bands * layout.perBand).toBeGreaterThanOrEqual(clients)
    },
  )

  it('samples evenly when there are more than fit', () => {
    const layout = heatMapLayout(1_000_000, 10, 340, 260)
    expect(layout.step).toBeGreaterThan(1)
    expect(layout.columns * layout.step).toBeGreaterThanOrEqual(1_000_000)
    expect(layout.height).toBeLessThanOrEqual(260)
  })

  it.each([2, 10, 47, 100])('has room for %i classes', (classes) => {
    expect(heatMapLayout(8, classes, 340, 260).height).toBeLessThanOrEqual(260)
  })

  it('finds under the pointer what it drew there', () => {
    const layout = heatMapLayout(1000, 10, 340, 260)
    for (const [client, label] of [
      [0, 0],
      [339, 9],
      [999, 3],
    ] as const) {
      const x = (client % layout.perBand) * layout.cellWidth + 1
      const band = Math.floor(client / layout.perBand)
      const y = band * (layout.cellHeight * 10 + layout.bandGap) + label * layout.cellHeight + 1
      expect(cellAt(layout, 10, x, y)).toEqual({ client, label })
    }
    expect(cellAt(layout, 10, -1, 0)).toBeUndefined()
    expect(cellAt(layout, 10, 3, layout.cellHeight * 10 + 2)).toBeUndefined()
  })
})
