/** What charts say in words and numbers: values under the crosshair, the table beside the picture, a sentence for who can't see it. */
import { formatBytes, formatCount, formatDuration, formatValue } from '../components/format.ts'
import { legendOf, type ChartModel, type ChartTable, type Quantity } from './chartModel.ts'
import { lowerBound, measuredAt, type Window } from './decimate.ts'

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

/** Rows that a table shows at most: evenly spaced over the window, ends included. */
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
    columns: [model.x.label, ...curves.map(({ name }) => name)],
    rows: xs.map((x) => [
      formatQuantity(x, model.x.quantity),
      ...curves.map((curve) => {
        const at = lowerBound(curve.x, x)
        return curve.x[at] === x ? formatQuantity(curve.y[at]!, model.y.quantity) : '–'
      }),
    ]),
  }
}

function rowsOf(curves: readonly NamedCurve[], { from, to }: Window): number[] {
  const all = new Set<number>()
  for (const { x, y } of curves) {
    const first = lowerBound(x, from)
    const measured: number[] = []
    for (let at = first; at < x.length && x[at]! <= to; at++)
      if (!Number.isNaN(y[at])) measured.push(x[at]!)
    const step = Math.max(1, (measured.length - 1) / (maximumRows - 1))
    for (let at = 0; at < measured.length; at += step) all.add(measured[Math.round(at)]!)
  }
  const rows = [...all].sort((a, b) => a - b)
  const step = Math.max(1, (rows.length - 1) / (maximumRows - 1))
  return step === 1
    ? rows
    : Array.from({ length: maximumRows }, (_, at) => rows[Math.round(at * step)]!)
}

/** One sentence that says what the picture shows. */
export function describeChart(model: ChartModel, hidden: ReadonlySet<string>): string {
  const values = readAt(model, undefined, hidden).map(({ name, text }) => `${name} ${text}`)
  const names = legendOf(model).map(({ name }) => name)
  const against = `${model.title}, ${model.y.label} against ${model.x.label}`
  return values.length > 0
    ? `${against}. Newest values: ${values.slice(0, 12).join(', ')}.`
    : `${against}. ${names.slice(0, 12).join(', ')}.`
}
