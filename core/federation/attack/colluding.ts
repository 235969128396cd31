import { honestRows, meanAt, type Attack } from './attack.ts'

/**
 * "A little is enough": all attackers send the same row, the honest mean moved against its own sign
 * by `scale` standard deviations. It is so close to the honest rows that no defence against
 * outliers detects it.
 *
 * @see arXiv 1902.06156 (Baruch et al. 2019), Algorithm 3. Differs: the deviation goes against the
 *   mean's sign at each coordinate, and mean and deviation are those of the honest rows.
 */
export function colluding(scale: number): Attack {
  return {
    forge(scene) {
      const honest = honestRows(scene)
      const forged = honest[0]!.map((_, index) => {
        const mean = meanAt(honest, index)
        const variance =
          honest.reduce((sum, row) => sum + (row[index]! - mean) ** 2, 0) / honest.length
        return mean - (mean >= 0 ? 1 : -1) * scale * Math.sqrt(variance)
      })
      return scene.attackers.map(() => forged)
    },
  }
}
