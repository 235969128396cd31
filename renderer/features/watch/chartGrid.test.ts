/** A few charts on a lesson's stage fill it. */
import { expect, it } from 'vitest'
import { chartGrid } from './chartGrid.ts'

/** Cells of a grid with as many columns that stay empty. */
function holes(panels: number, columns: number): number {
  const { columns: classes, last } = chartGrid(panels)
  const isWide = columns === 3
  const most = classes.includes('[1440px]') ? 3 : classes.includes('[820px]') ? 2 : 1
  const shown = Math.min(columns, most)
  const spans = last.includes('col-span-2') && !(isWide && last.includes('max-[1439px]')) ? 2 : 1
  const cells = panels - 1 + spans
  return Math.ceil(cells / shown) * shown - cells
}

it.each([1, 2, 3, 4, 5, 6])('%i panels leave no hole in two or three columns', (panels) => {
  expect(holes(panels, 2)).toBe(0)
  expect(holes(panels, 3)).toBe(0)
})
