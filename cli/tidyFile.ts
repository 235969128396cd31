/** The long table of runs as a file: CSV, or Parquet with units and meanings in its metadata. */
import { ByteWriter, ParquetWriter } from 'hyparquet-writer'
import { csvLine } from '../core/base/index.ts'
import { tidyColumns, type TidyRow } from '../core/engine/index.ts'
import { glossary } from '../core/config/index.ts'
import type { StreamedFile } from './streamedFile.ts'

export type TidyFormat = 'csv' | 'parquet'

export interface TidyWriter {
  readonly write: (rows: readonly TidyRow[]) => Promise<void>
  readonly finish: () => Promise<void>
}

export function tidyWriter(
  format: TidyFormat,
  file: StreamedFile,
  keys: readonly string[],
): TidyWriter {
  return format === 'csv' ? csvWriter(file, keys) : parquetWriter(file, keys)
}

function csvWriter(file: StreamedFile, keys: readonly string[]): TidyWriter {
  const encoder = new TextEncoder()
  file.append(encoder.encode(csvLine([...tidyColumns.before, ...keys, ...tidyColumns.behind])))
  return {
    write: (rows) => {
      file.append(encoder.encode(rows.map((row) => csvLine(cellsOf(row))).join('')))
      return Promise.resolve()
    },
    finish: () => Promise.resolve(),
  }
}

function cellsOf({ run, method, seed, settings, ...row }: TidyRow) {
  const { round, localStep, perturbation, metric, unit, value } = row
  return [run, method, seed, ...settings, round, localStep, perturbation, metric, unit, value]
}

interface ParquetColumn {
  readonly name: string
  readonly type: 'BYTE_ARRAY' | 'INT32' | 'DOUBLE'
  readonly isOptional?: boolean
}

/** Rows that are gathered before they are written as one group. */
const rowsPerGroup = 100_000

/**
 * A setting may be a number in one run and a word in another: their columns are texts, which every
 * tool casts.
 */
function parquetWriter(file: StreamedFile, keys: readonly string[]): TidyWriter {
  const columns: readonly ParquetColumn[] = [
    { name: 'run', type: 'BYTE_ARRAY' },
    { name: 'method', type: 'BYTE_ARRAY' },
    { name: 'seed', type: 'DOUBLE' },
    ...keys.map((name) => ({ name, type: 'BYTE_ARRAY', isOptional: true }) as const),
    { name: 'round', type: 'INT32' },
    { name: 'localStep', type: 'INT32', isOptional: true },
    { name: 'perturbation', type: 'INT32', isOptional: true },
    { name: 'metric', type: 'BYTE_ARRAY' },
    { name: 'unit', type: 'BYTE_ARRAY' },
    { name: 'value', type: 'DOUBLE' },
  ]
  const sink = sinkTo(file)
  const writer = new ParquetWriter({
    writer: sink,
    schema: [
      { name: 'root', num_children: columns.length },
      ...columns.map(({ name, type, isOptional = false }) => ({
        name,
        type,
        ...(type === 'BYTE_ARRAY' && { converted_type: 'UTF8' as const }),
        repetition_type: isOptional ? ('OPTIONAL' as const) : ('REQUIRED' as const),
      })),
    ],
    createdBy: 'HiSo Studio',
    kvMetadata: [{ key: 'hiso.meanings', value: JSON.stringify(meanings(keys)) }],
  })
  let waiting: TidyRow[] = []
  const flush = async () => {
    if (waiting.length === 0) return
    const cells = waiting.map(cellsOf)
    await writer.write({
      columnData: columns.map(({ name, type }, at) => ({
        name,
        data: cells.map((row) => {
          const cell = row[at]
          return cell === undefined ? null : type === 'BYTE_ARRAY' ? String(cell) : cell
        }),
      })),
      rowGroupSize: rowsPerGroup,
    })
    waiting = []
  }
  return {
    write: async (rows) => {
      for (const row of rows) {
        waiting.push(row)
        if (waiting.length >= rowsPerGroup) await flush()
      }
    },
    finish: async () => {
      await flush()
      await writer.finish()
    },
  }
}

/** What Parquet's writer fills goes to the file after each group. */
function sinkTo(file: StreamedFile): ByteWriter {
  const sink = new ByteWriter()
  const flush = async () => {
    file.append(sink.getBytes())
    sink.index = 0
  }
  return Object.assign(sink, { flush, finish: flush })
}

/** What the columns are, for readers of the file who do not have this program. */
function meanings(keys: readonly string[]): object {
  const own = Object.fromEntries(
    keys.map((key) => {
      const code = key.split('.').at(-1)!
      const entry = glossary.find(({ code: codes = '' }) => codes.split(', ').includes(code))
      return [key, entry?.meaning ?? 'a setting of the run’s config']
    }),
  )
  return {
    run: 'the name of the run’s folder',
    method: 'the optimisation method',
    seed: 'the run’s seed',
    ...own,
    round: 'counts from one',
    localStep: 'counts from one; empty for what belongs to a whole round',
    perturbation: 'counts from one; empty for what belongs to no direction',
    metric: 'what the value is, as in metrics.csv; scalar: aggregated gradient scalar',
    unit: 'of the value: B, ms, share (1 is 100 %), clients, or none',
    value: 'the number',
  }
}
