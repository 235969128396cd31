/**
 * The part of hyparquet that core/data uses. The package's published types refer to Node's, which
 * would let Node's globals into core/ unnoticed.
 */
declare module 'hyparquet' {
  interface Element {
    readonly name: string
    readonly repetition_type?: string
  }
  export interface SchemaTree {
    readonly children: readonly SchemaTree[]
    readonly element: Element
  }
  export interface FileMetaData {
    readonly num_rows: bigint
    readonly row_groups: readonly { readonly num_rows: bigint }[]
  }
  interface AsyncBuffer {
    readonly byteLength: number
    slice(start: number, end?: number): Promise<ArrayBuffer>
  }
  interface ReadOptions {
    readonly file: AsyncBuffer
    readonly metadata: FileMetaData
    readonly rowStart: number
    readonly rowEnd: number
    readonly rowFormat: 'object'
    readonly onComplete: (rows: readonly object[]) => void
  }
  export function parquetMetadataAsync(file: AsyncBuffer): Promise<FileMetaData>
  export function parquetSchema(metadata: FileMetaData): SchemaTree
  export function parquetRead(options: ReadOptions): Promise<void>
}
