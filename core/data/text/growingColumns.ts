/**
 * Columns that grow with the rows. Objects and lists inside a row are flattened to columns such as
 * `answers.text.0`.
 */
import { excerpt } from '../table/cell.ts'

/** Which of two values a row means, as `{"a.b": 1, "a": {"b": 2}}`, nobody knows. */
export class ColumnTwice extends Error {
  constructor(name: string) {
    super(`gives the column "${excerpt(name)}" two values`)
  }
}

/** A column may start late; it is empty in rows without its key. */
export class GrowingColumns {
  #columns: Map<string, string[]>
  #rows = 0

  /** @param names columns that always exist */
  constructor(names: Iterable<string> = []) {
    this.#columns = emptyColumns(names)
  }

  get rows(): number {
    return this.#rows
  }

  add(row: object): void {
    for (const [name, cell] of flatten(row)) {
      let cells = this.#columns.get(name)
      if (cells === undefined) this.#columns.set(name, (cells = []))
      // Earlier rows had no such key.
      while (cells.length < this.#rows) cells.push('')
      if (cells.length > this.#rows) throw new ColumnTwice(name)
      cells.push(cell)
    }
    this.#rows++
    for (const cells of this.#columns.values()) if (cells.length < this.#rows) cells.push('')
  }

  /** The columns so far; those of later rows have at least the same names. */
  take(): ReadonlyMap<string, readonly string[]> {
    const taken = this.#columns
    this.#columns = emptyColumns(taken.keys())
    this.#rows = 0
    return taken
  }
}

const emptyColumns = (names: Iterable<string>) =>
  new Map(Array.from(names, (name): [string, string[]] => [name, []]))

function* flatten(value: object, prefix = ''): Generator<[name: string, cell: string]> {
  for (const [key, inner] of Object.entries(value) as [string, unknown][]) {
    const name = `${prefix}${key}`
    if (isPlain(inner)) yield [name, textOf(inner)]
    else yield* flatten(inner, `${name}.`)
  }
}

type Plain = string | number | bigint | boolean | Uint8Array | Date | null | undefined

const isPlain = (value: unknown): value is Plain =>
  typeof value !== 'object' ||
  value === null ||
  value instanceof Uint8Array ||
  value instanceof Date

function textOf(value: Plain): string {
  // Programs write a missing number as NaN.
  if (value === null || value === undefined || Number.isNaN(value)) return ''
  if (value instanceof Uint8Array) return new TextDecoder().decode(value)
  return value instanceof Date ? value.toISOString() : String(value)
}
