/** Values of runs as a lesson writes them. */
import type { Quantity, Value } from '../../../core/lessons/index.ts'
import { piecesOf } from '../../../core/lessons/index.ts'
import { formatBytes, formatCount, formatShare, formatValue } from '../../components/index.ts'

const writers: Readonly<Record<Quantity, (value: number) => string>> = {
  bytes: formatBytes,
  count: (value) => formatCount(Math.round(value)),
  share: formatShare,
  value: (value) => (Math.abs(value) >= 100 ? formatCount(Math.round(value)) : formatValue(value)),
}

export function quantityText(value: number, quantity: Quantity): string {
  return writers[quantity](value)
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
