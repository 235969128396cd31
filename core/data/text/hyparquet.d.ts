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
  export interface ColumnChunk {
    readonly meta_data?: {
      readonly type: string
      readonly codec: string
      readonly num_values: bigint
      readonly path_in_schema: readonly string[]
      readonly total_compressed_size: bigint
      readonly data_page_offset: bigint
      readonly dictionary_page_offset?: bigint
    }
  }
  export interface RowGroup {
    readonly num_rows: bigint
    readonly columns: readonly ColumnChunk[]
  }
  export interface FileMetaData {
    readonly num_rows: bigint
    readonly row_groups: readonly RowGroup[]
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
  /** @throws Error when `output` is not what the content unpacks to */
  export function snappyUncompress(input: Uint8Array, output: Uint8Array): void
}
