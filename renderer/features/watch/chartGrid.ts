/** The columns of Watch's panels: as many as fit, without a hole where the panels are few. */

interface ChartGrid {
  /** Classes of the grid. */
  readonly columns: string
  /** Classes of the last panel. */
  readonly last: string
}

const one = 'grid-cols-1'
const two = `${one} min-[820px]:grid-cols-2`
const three = `${two} min-[1440px]:grid-cols-3`

/** @param panels how many there are, from 1; more than five scroll, and may end in a hole */
export function chartGrid(panels: number): ChartGrid {
  if (panels === 1) return { columns: one, last: '' }
  if (panels === 2 || panels === 4) return { columns: two, last: '' }
  if (panels === 3) return { columns: three, last: 'min-[820px]:max-[1439px]:col-span-2' }
  return { columns: three, last: panels === 5 ? 'min-[820px]:col-span-2' : '' }
}
