/**
 * Whole numbers as some people write thousands, `1.000`, which are 1 to every program. Wherever a
 * number is typed it is refused: no value is scaled by a separator unsaid. With other decimals,
 * such as 1.234, it is what programs read and write.
 */

const form = /^[+-]?[1-9]\d{0,2}(?:\.000)+$/

/** @returns what is wrong with a number as it is written, in a sentence; undefined if nothing is */
export function explainAmbiguousNumber(written: string): string | undefined {
  const text = written.trim()
  if (!form.test(text)) return undefined
  const [small, large] = [text.replace(/\..*/, ''), text.replaceAll('.', '')]
  return `${text} is ${small} to some people and ${large} to others: write ${small} or ${large}`
}
