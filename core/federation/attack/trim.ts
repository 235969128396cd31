import { honestRows, meanAt, type Attack } from './attack.ts'

/**
 * The attack on trimmed mean and median: at each coordinate values just beyond the honest ones, on
 * the side opposite to the mean's direction, drawn uniformly between the extreme honest value and
 * that value made `scale` times larger.
 *
 * @param scale b, above 1
 * @see arXiv 1911.11815 (Fang et al. 2020), section 4.3, full knowledge
 */
export function trim(scale: number): Attack {
  return {
    forge(scene) {
      const honest = honestRows(scene)
      const streams = scene.attackers.map((row) => scene.streamOf(row))
      const forged = scene.attackers.map((row) => new Float32Array(scene.rows[row]!.length))
      for (let index = 0; index < honest[0]!.length; index++) {
        const values = honest.map((row) => row[index]!)
        const up = meanAt(scene.rows, index) >= 0
        const from = up ? Math.min(...values) : Math.max(...values)
        // Opposite to the mean's direction: below the smallest value if that is up, above the
        // largest if it is down.
        const to = from > 0 === up ? from / scale : from * scale
        for (const [at, stream] of streams.entries())
          forged[at]![index] = from + (to - from) * stream.uniform()
      }
      return forged
    },
  }
}
