/** What the glossary says of a word. */
export interface Term {
  readonly term: string
  /** As formulas write it; no two terms share one. */
  readonly symbol?: string
  /** Its name in code, config keys and file columns. */
  readonly code?: string
  /** Unit, or type and shape. */
  readonly unit?: string
  /** What it is: one sentence. */
  readonly meaning: string
  /** In plain Unicode, with the symbols of this glossary. */
  readonly formula?: string
}
