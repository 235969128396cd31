/** The split for people: one row per client with its total and its samples of each class. */
import type { Partition } from './partition.ts'

export interface SplitTable {
  /** `client`, `samples`, then the class names. */
  readonly header: readonly string[]
  /** Client (counted from 1), total, one count per class. */
  readonly rows: readonly (readonly number[])[]
}

/** @param classes names of the partition's classes, in index order */
export function splitTable(partition: Partition, classes: readonly string[]): SplitTable {
  const counts = partition.table()
  const rows = Array.from(partition.sizes, (size, client) => [
    client + 1,
    size,
    ...counts.subarray(client * classes.length, (client + 1) * classes.length),
  ])
  return { header: ['client', 'samples', ...classes], rows }
}

/** The table as CSV: comma, a line feed after each row, quotes if a class name needs them. */
export function formatSplitCsv({ header, rows }: SplitTable): string {
  const lines = [header.map(quote), ...rows].map((cells) => `${cells.join(',')}\n`)
  return lines.join('')
}

const quote = (name: string) => (/[",\r\n]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name)
