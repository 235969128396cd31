/**
 * The little of Papa Parse that core/data uses. The package's published types refer to Node's, which would let Node's globals
 * into core/ unnoticed.
 */
declare module 'papaparse' {
  interface RowResult {
    readonly data: string[]
    readonly errors: readonly { readonly message: string }[]
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
  }
  export default Papa
}
