/**
 * A line of JSON as Python writes it, made readable without losing anything: NaN, which JSON has no
 * word for, and whole numbers with more digits than a number holds.
 */

/** Strings are passed over whole; outside them, words and long numbers are what is looked for. */
const parts = /"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b|(?<![\w.+-])-?\d{16,}(?![\d.eE])/g

/** Looks for the same, in strings too: most lines have none. */
const suspicious = /NaN|Infinity|\d{16}/

/**
 * @returns the line with `null` for NaN, and in quotation marks what would change as a number:
 *   infinities, and whole numbers of 16 digits or more
 */
export function exactJson(line: string): { readonly json: string; readonly hasNaN: boolean } {
  if (!suspicious.test(line)) return { json: line, hasNaN: false }
  let hasNaN = false
  const json = line.replace(parts, (part) => {
    if (part.startsWith('"')) return part
    if (!part.endsWith('NaN')) return `"${part}"`
    hasNaN = true
    return 'null'
  })
  return { json, hasNaN }
}
