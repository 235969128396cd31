/**
 * What charts say in words and numbers: values under the crosshair, the table beside the picture, a
 * sentence for who can't see it.
 */
import {
  axisText,
  type ChartModel,
  type ChartTable,
  formatBytes,
  formatCount,
  formatDuration,
  formatValue,
  legendOf,
  lowerBound,
  measuredAt,
  type Quantity,
  type Window,
} from '../../figures/index.ts'

export function formatQuantity(value: number, quantity: Quantity): string {
  if (Number.isNaN(value)) return '–'
  switch (quantity) {
    case 'bytes':
      return formatBytes(value)
    case 'count':
      return formatCount(value)
    case 'duration':
      return formatDuration(value)
    case 'share':
      return `${(value * 100).toFixed(1)} %`
    case 'value':
      return formatValue(value)
  }
}

/** A curve by name, with what it says at an x. */
interface NamedCurve {
  readonly name: string
  readonly x: Float64Array
  readonly y: Float64Array
}

function curvesOf(model: ChartModel, hidden: ReadonlySet<string>): NamedCurve[] {
  return model.layers.flatMap((layer): NamedCurve[] => {
    if (layer.kind === 'stack')
      return layer.parts
        .filter(({ name }) => !hidden.has(name))
        .map(({ name, y }) => ({ name, x: layer.x, y }))
    if (layer.kind !== 'line' || layer.isSilent === true || hidden.has(layer.name)) return []
    return [{ name: layer.name, x: layer.x, y: layer.y }]
  })
}

export interface ReadValue {
  readonly name: string
  /** As text; undefined where nothing was measured yet. */
  readonly text: string
  /** Where it was measured: at or before the x that was asked for. */
  readonly x: number
  readonly y: number
}

/** The newest value of every curve at or before x; without x, the last there is. */
export function readAt(
  model: ChartModel,
  x: number | undefined,
  hidden: ReadonlySet<string>,
): ReadValue[] {
  return curvesOf(model, hidden).flatMap((curve) => {
    const at = measuredAt(curve.x, curve.y, x ?? Infinity)
    if (at < 0) return []
    const y = curve.y[at]!
    return [{ name: curve.name, text: formatQuantity(y, model.y.quantity), x: curve.x[at]!, y }]
  })
}

/** Rows that a table shows at most, ends included. */
const maximumRows = 200

/** What is visible, as a table: a row per x. */
export function tableOf(
  model: ChartModel,
  window: Window,
  hidden: ReadonlySet<string>,
): ChartTable {
  if (model.table !== undefined) return model.table()
  const curves = curvesOf(model, hidden)
  const xs = rowsOf(curves, window)
  return {
    columns: [axisText(model.x), ...curves.map(({ name }) => name)],
    rows: xs.map((x) => [
      formatQuantity(x, model.x.quantity),
      ...curves.map((curve) => formatQuantity(valueAt(curve, x), model.y.quantity)),
    ]),
  }
}

/**
 * Rows that have all curves come before those that have some: an evaluation now and then is what
 * one looks for.
 */
function rowsOf(curves: readonly NamedCurve[], { from, to }: Window): number[] {
  const all = new Set<number>()
  for (const { x, y } of curves) {
    const measured: number[] = []
    for (let at = lowerBound(x, from); at < x.length && x[at]! <= to; at++)
      if (!Number.isNaN(y[at])) measured.push(x[at]!)
    for (const each of evenly(measured, maximumRows)) all.add(each)
  }
  const rows = [...all].sort((a, b) => a - b)
  if (rows.length <= maximumRows) return rows
  const isWhole = (x: number) => curves.every((curve) => !Number.isNaN(valueAt(curve, x)))
  const most = maximumRows - 2
  const whole = evenly(rows.filter(isWhole), most)
  const others = evenly(
    rows.slice(1, -1).filter((x) => !isWhole(x)),
    most - whole.length,
  )
  return [...new Set([rows[0]!, ...whole, ...others, rows.at(-1)!])].sort((a, b) => a - b)
}

function valueAt({ x, y }: NamedCurve, wanted: number): number {
  const at = lowerBound(x, wanted)
  return x[at] === wanted ? y[at]! : NaN
}

function evenly(values: readonly number[], count: number): readonly number[] {
  if (values.length <= count) return values
  const step = (values.length - 1) / Math.max(1, count - 1)
  return Array.from({ length: count }, (_, at) => values[Math.round(at * step)]!)
}

/** One sentence that says what the picture shows. */
export function describeChart(model: ChartModel, hidden: ReadonlySet<string>): string {
  const values = readAt(model, undefined, hidden).map(({ name, text }) => `${name} ${text}`)
  const names = legendOf(model).map(({ name }) => name)
  const against = `${model.title}, ${axisText(model.y)} against ${axisText(model.x)}`
  return values.length > 0
    ? `${against}. Newest values: ${values.slice(0, 12).join(', ')}.`
    : `${against}. ${names.slice(0, 12).join(', ')}.`
}
