/** The outcome of an evaluation, for metrics.csv and for people. */
import type { Evaluation } from '../../model/index.ts'
import { qualityTitles, type Quality } from '../../runs/index.ts'

export const nothingMeasured: Quality = {
  testLoss: undefined,
  testAccuracy: undefined,
  exactMatch: undefined,
  f1: undefined,
  rougeL: undefined,
}

/** Sums made means over the samples. */
export function qualityOf({ lossSum, correct, samples, scores }: Evaluation): Quality {
  const share = (sum: number | undefined) => (sum === undefined ? undefined : sum / samples)
  return {
    testLoss: lossSum / samples,
    testAccuracy: share(correct),
    exactMatch: share(scores?.exactMatch),
    f1: share(scores?.f1),
    rougeL: share(scores?.rougeL),
  }
}

/** A sentence for each share that was measured before any round. */
export function zeroShotTexts(initial: Quality): string[] {
  const columns = Object.keys(qualityTitles) as (keyof typeof qualityTitles)[]
  return columns.flatMap((column) => {
    const share = initial[column]
    if (share === undefined) return []
    return [
      `Before any round (zero-shot) the ${qualityTitles[column]} is ${(100 * share).toFixed(1)}%.`,
    ]
  })
}
