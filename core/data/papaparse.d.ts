/**
 * The part of Papa Parse that core/data uses. The package's published types refer to Node's, which
 * would let Node's globals into core/ unnoticed.
 */
declare module 'papaparse' {
  interface RowResult {
    readonly data: string[]
    readonly errors: readonly { readonly message: string }[]
  }
  interface PartResult {
    readonly data: string[][]
    readonly errors: readonly { readonly message: string; readonly row?: number }[]
    /** `cursor`: the end of the rows read so far. */
    readonly meta: { readonly cursor: number }
  }
  interface StepOptions {
    readonly delimiter: string
    readonly newline: '\n'
    step(result: RowResult): void
  }
  interface PreviewOptions {
    readonly delimiter: string
    readonly newline: '\n'
    readonly preview: number
  }
  const Papa: {
    parse(text: string, options: StepOptions): void
    parse(text: string, options: PreviewOptions): { readonly data: string[][] }
    /**
     * What the package's own streams use: the text may end within its last row, which is then left
     * over.
     */
    readonly Parser: new (options: { readonly delimiter: string; readonly newline: '\n' }) => {
      parse(text: string, baseIndex: number, leavesLastRow: boolean): PartResult
    }
  }
  export default Papa
}
