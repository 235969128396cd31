/**
 * Where each client and class of a split stands in the heat map: clients from left to right,
 * wrapped into bands when they are many.
 */

export interface HeatMapLayout {
  /** Width of a client's column and height of a class's row, in pixels. */
  readonly cellWidth: number
  readonly cellHeight: number
  /** Clients in a band. */
  readonly perBand: number
  readonly bands: number
  readonly bandGap: number
  readonly height: number
  /** Clients that one column stands for: above 1 only where there are more than fit. */
  readonly step: number
  /** Columns in all. */
  readonly columns: number
}

const smallestColumn = 2
const bandGap = 6

/**
 * The widest columns with which everything stays within `maxHeight`.
 * @param width of the drawing in pixels
 */
export function heatMapLayout(
  clients: number,
  classes: number,
  width: number,
  maxHeight: number,
): HeatMapLayout {
  // As wide as they come while all fit side by side, so that the map fills its place.
  const whole = Math.min(64, Math.floor(width / clients))
  const sizes = [whole, 32, 24, 20, 16, 12, 10, 8, 6, 5, 4, 3, smallestColumn]
  for (const cellWidth of sizes.filter(
    (size) => size >= smallestColumn && size <= Math.max(whole, 16),
  )) {
    const layout = withColumns(cellWidth, clients, classes, width, maxHeight)
    if (layout !== undefined) return layout
  }
  const capacity = columnsThatFit(classes, width, maxHeight)
  const step = Math.ceil(clients / capacity)
  const columns = Math.ceil(clients / step)
  return { ...withColumns(smallestColumn, columns, classes, width, maxHeight)!, step }
}

function withColumns(
  cellWidth: number,
  columns: number,
  classes: number,
  width: number,
  maxHeight: number,
): HeatMapLayout | undefined {
  const perBand = Math.max(1, Math.floor(width / cellWidth))
  const bands = Math.ceil(columns / perBand)
  const room = (maxHeight + bandGap) / bands - bandGap
  const cellHeight = Math.min(bands === 1 ? 18 : 8, Math.floor(room / classes))
  if (cellHeight < smallestHeight(classes)) return undefined
  const height = bands * (cellHeight * classes + bandGap) - bandGap
  return { cellWidth, cellHeight, perBand, bands, bandGap, height, step: 1, columns }
}

function smallestHeight(classes: number): number {
  return classes > 40 ? 1 : classes > 16 ? 2 : 3
}

function columnsThatFit(classes: number, width: number, maxHeight: number): number {
  const perBand = Math.max(1, Math.floor(width / smallestColumn))
  const bandHeight = smallestHeight(classes) * classes + bandGap
  return perBand * Math.max(1, Math.floor((maxHeight + bandGap) / bandHeight))
}

export interface HeatMapCell {
  /** The column's first client. */
  readonly client: number
  readonly label: number
}

/** What lies under a point, undefined between the bands and beyond the last client. */
export function cellAt(
  layout: HeatMapLayout,
  classes: number,
  x: number,
  y: number,
): HeatMapCell | undefined {
  const { cellWidth, cellHeight, perBand, bandGap: gap, columns, step } = layout
  const bandHeight = cellHeight * classes + gap
  const band = Math.floor(y / bandHeight)
  const label = Math.floor((y - band * bandHeight) / cellHeight)
  const inBand = Math.floor(x / cellWidth)
  const column = band * perBand + inBand
  if (x < 0 || y < 0 || inBand >= perBand || label >= classes || column >= columns) return undefined
  return { client: column * step, label }
}
