/** Values of runs as a lesson writes them. */
import type { Quantity, Value } from '../../../core/lessons/index.ts'
import { piecesOf } from '../../../core/lessons/index.ts'
import { formatBytes, formatCount, formatShare, formatValue } from '../../components/index.ts'

const writers: Readonly<Record<Quantity, (value: number) => string>> = {
  bytes: formatBytes,
  count: (value) => formatCount(Math.round(value)),
  share: formatShare,
  value: (value) => (Math.abs(value) >= 100 ? formatCount(Math.round(value)) : formatValue(value)),
  // How many times: more digits than two say nothing.
  ratio: (value) =>
    value >= 100 ? formatCount(Math.round(value)) : String(Number(value.toPrecision(2))),
}

export function quantityText(value: number, quantity: Quantity): string {
  return writers[quantity](value)
}

/** The end of an axis or what lies between, with no digit that says nothing: 25 %, 0.01, 1e-8. */
export function tickText(value: number, quantity: Quantity): string {
  const short = Number(value.toPrecision(3))
  if (quantity === 'share' && Number.isInteger(Math.round(short * 1e6) / 1e4))
    return `${Math.round(short * 100)} %`
  if (quantity === 'share' || quantity === 'bytes') return quantityText(value, quantity)
  return short >= 100 ? formatCount(short) : String(short)
}

/** A text with what stands in double braces filled in, in bold; … while its run is not over. */
export function filledIn(text: string, valueOf: (expression: string) => Value | undefined): string {
  return piecesOf(text)
    .map((piece) => {
      if (!piece.isExpression) return piece.text
      const found = valueOf(piece.text)
      return found === undefined
        ? '…'
        : // A number and its unit stay on one line.
          `**${quantityText(found.value, found.quantity).replaceAll(' ', '\u00a0')}**`
    })
    .join('')
}
