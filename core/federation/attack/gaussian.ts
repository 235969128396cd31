import { honestRows, type Attack } from './attack.ts'

/**
 * Every attacker sends noise instead: N(0, (scale · r)²), r the root mean square of the honest
 * rows, so that a scale means the same for every model.
 *
 * @see arXiv 1703.02757 (Blanchard et al. 2017), section 6. Differs: there the standard deviation
 *   is 200, whatever the gradients are.
 */
export function gaussian(scale: number): Attack {
  return {
    forge(scene) {
      const deviation = scale * rootMeanSquare(honestRows(scene))
      return scene.attackers.map((row) => {
        const stream = scene.streamOf(row)
        return scene.rows[row]!.map(() => deviation * stream.normal())
      })
    },
  }
}

function rootMeanSquare(rows: readonly Float32Array[]): number {
  let sum = 0
  let count = 0
  for (const row of rows) {
    for (const value of row) sum += value * value
    count += row.length
  }
  return Math.sqrt(sum / count)
}
