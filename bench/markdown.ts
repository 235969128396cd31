/** Tables as benches print them: Markdown with aligned columns, ready for docs/performance.md. */

/** @param header titles; those that begin with `>` stand to the right, as numbers do */
export function printTable(
  header: readonly string[],
  rows: readonly (readonly (string | number)[])[],
): void {
  const isRight = header.map((title) => title.startsWith('>'))
  const titles = header.map((title) => title.replace(/^>/, ''))
  const cells = rows.map((row) => row.map(String))
  const widths = titles.map((title, column) =>
    Math.max(3, title.length, ...cells.map((row) => row[column]!.length)),
  )
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, column) => (isRight[column] ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!))).join(' | ')} |`
  console.log(line(titles))
  console.log(
    `| ${widths.map((width, column) => (isRight[column] ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width))).join(' | ')} |`,
  )
  for (const row of cells) console.log(line(row))
  console.log()
}
