/** A cell of a CSV file that spreadsheets show and never run. */

/**
 * Texts that a spreadsheet would take for a formula get an apostrophe in front, as do those that
 * begin so already, so that a reader who takes one apostrophe away has the text; commas, quotes and
 * line ends are quoted. Numbers stand as they are, and what is no number is empty.
 */
export function csvCell(value: string | number | boolean | undefined): string {
  if (value === undefined) return ''
  if (typeof value !== 'string')
    return typeof value === 'number' && !Number.isFinite(value) ? '' : String(value)
  const text = /^'*[\t\r\n ]*[=+\-@]/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(text) || text !== text.trim() ? `"${text.replaceAll('"', '""')}"` : text
}

export function csvLine(cells: readonly (string | number | boolean | undefined)[]): string {
  return `${cells.map(csvCell).join(',')}\n`
}
