/** How good a model is, in words. */
import { qualityTitles, type Quality } from '../core/runs/index.ts'
import { formatShare } from './units.ts'

/** The shares that were measured, each with its name: "accuracy 81.2%". */
export function qualityFacts(
  quality: Readonly<Partial<Record<keyof Quality, number | undefined>>> = {},
): string[] {
  const columns = Object.keys(qualityTitles) as (keyof typeof qualityTitles)[]
  return columns.flatMap((column) => {
    const share = quality[column]
    return share === undefined ? [] : [`${qualityTitles[column]} ${formatShare(share)}`]
  })
}
