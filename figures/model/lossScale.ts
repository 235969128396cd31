/** The scale on which a loss is seen: logarithmic where it falls by orders of magnitude. */

/** Beyond this factor the last values of a linear chart lie on its axis. */
const mostLinear = 1000

/** @param columns of losses; NaN where nothing was measured */
export function lossScaleOf(...columns: readonly Float64Array[]): 'linear' | 'log' {
  let [least, most] = [Infinity, 0]
  for (const column of columns)
    for (const value of column) {
      if (Number.isNaN(value)) continue
      if (value <= 0) return 'linear'
      least = Math.min(least, value)
      most = Math.max(most, value)
    }
  return most > least * mostLinear ? 'log' : 'linear'
}
