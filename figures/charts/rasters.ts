/**
 * Heat maps painted pixel by pixel for the visible window: their cost follows the screen, not the
 * length of the run.
 */
import type { HessianSnapshot } from '../../core/engine/index.ts'
import type { RasterRequest } from '../model/chartModel.ts'

/**
 * The histogram of H over time: a pixel is the share of coordinates in its bin, on a logarithmic
 * scale; a snapshot stands until the next one.
 * @param roundAt the rounds completed at an x
 */
export function paintHistogram(
  snapshots: readonly HessianSnapshot[],
  { window, y, width, height }: RasterRequest,
  roundAt: (x: number) => number,
): Float32Array {
  const shares = new Float32Array(width * height).fill(NaN)
  const most = Math.max(1, ...snapshots.map(({ histogram }) => histogram.reduce(larger, 0)))
  const [bottom, top] = [Math.log10(y.from), Math.log10(y.to)]
  let current = -1
  let column: Float32Array | undefined
  for (let left = 0; left < width; left++) {
    const x = window.from + ((left + 0.5) / width) * (window.to - window.from)
    const at = lastBefore(snapshots, roundAt(x))
    if (at < 0) continue
    if (at !== current || column === undefined) {
      current = at
      column = histogramColumn(snapshots[at]!, bottom, top, height, most)
    }
    for (let row = 0; row < height; row++) shares[row * width + left] = column[row]!
  }
  return shares
}

function histogramColumn(
  { histogram, low, high }: HessianSnapshot,
  bottom: number,
  top: number,
  height: number,
  most: number,
): Float32Array {
  const column = new Float32Array(height)
  for (let row = 0; row < height; row++) {
    const exponent = top - ((row + 0.5) / height) * (top - bottom)
    const bin = Math.floor(((exponent - low) / (high - low)) * histogram.length)
    const count = histogram[bin] ?? 0
    // One coordinate of millions must still be seen.
    column[row] = count === 0 ? NaN : 0.12 + 0.88 * (Math.log1p(count) / Math.log1p(most))
  }
  return column
}

function lastBefore(snapshots: readonly HessianSnapshot[], round: number): number {
  let at = snapshots.length - 1
  while (at >= 0 && snapshots[at]!.rounds > round) at--
  return at
}

/** Rounds from `from` on, each with its participants and those of them who answered. */
export interface ParticipationRounds {
  readonly from: number
  readonly participants: readonly Uint32Array[]
  readonly answering: readonly Uint32Array[]
}

/**
 * Clients × rounds: who took part. Where several clients or rounds share a pixel, it shows how
 * often they did, against the pixel with the most. Who was called and did not answer is faint.
 * @param window in rounds, counted from one
 * @param clientsShown [first, behind last) of the clients, zero-based
 */
export function paintParticipation(
  rounds: ParticipationRounds,
  clientsShown: { readonly from: number; readonly to: number },
  { width, height }: Pick<RasterRequest, 'width' | 'height'>,
  roundAtColumn: (left: number) => number,
): Float32Array {
  const shares = new Float32Array(width * height)
  const rowsPerClient = height / (clientsShown.to - clientsShown.from)
  let most = 0
  for (let left = 0; left < width; left++) {
    // A column covers the rounds up to the next column's; one round may cover several columns.
    const first = roundAtColumn(left)
    const behind = Math.max(first + 1, roundAtColumn(left + 1))
    for (let round = first; round < behind; round++) {
      const at = round - rounds.from
      const called = rounds.participants[at]
      if (called === undefined) continue
      const answering = new Set(rounds.answering[at])
      for (const client of called) {
        // Of the column's rounds, so that columns of one and of two rounds are alike.
        const weight = (answering.has(client) ? 1 : 0.3) / (behind - first)
        const top = (client - clientsShown.from) * rowsPerClient
        const last = Math.min(
          height,
          Math.max(Math.floor(top) + 1, Math.floor(top + rowsPerClient)),
        )
        for (let row = Math.max(0, Math.floor(top)); row < last; row++)
          most = Math.max(most, (shares[row * width + left]! += weight))
      }
    }
  }
  const floor = 0.22
  for (let at = 0; at < shares.length; at++) {
    const share = shares[at]!
    shares[at] = share === 0 ? NaN : floor + (1 - floor) * Math.min(1, share / most)
  }
  return shares
}

const larger = (a: number, b: number) => Math.max(a, b)
