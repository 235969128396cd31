/**
 * A grey image in characters, so that a person sees in a terminal whether the data is what they
 * think it is.
 */

/** From the least to the most ink. */
const shades = ' .:-=+*#%@'

/**
 * Two rows of pixels make a line of characters, which are about twice as high as wide.
 *
 * @param values grey values row by row, height × width
 * @param range what stands for no ink and for all of it
 */
export function pictureLines(
  values: readonly number[],
  width: number,
  { min, max }: { readonly min: number; readonly max: number },
): string[] {
  const height = values.length / width
  return Array.from({ length: Math.ceil(height / 2) }, (_, line) =>
    Array.from({ length: width }, (_, column) => {
      const upper = values[2 * line * width + column]!
      const lower = values[(2 * line + 1) * width + column] ?? min
      const ink = max === min ? 0 : ((upper + lower) / 2 - min) / (max - min)
      return shades[Math.min(shades.length - 1, Math.floor(ink * shades.length))]!
    }).join(''),
  )
}
