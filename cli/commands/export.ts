/**
 * `hiso export`: a run's numbers as CSV or JSON, its trained model as ONNX, or the whole run as one
 * file; of several runs one table, or what TensorBoard reads.
 */
import { basename, resolve } from 'node:path'
import { HisoError, oneLine } from '../../core/base/index.ts'
import { exportRun, type ExportFormat } from '../../core/engine/index.ts'
import { shortPath, type CommandContext } from '../context.ts'
import { exitCodes } from '../exitCodes.ts'
import { formatBytes } from '../units.ts'
import { exportEvents, exportTidy } from './exportTables.ts'

/** What one run is written as. */
const runFormats = ['csv', 'json', 'onnx', 'hiso'] as const satisfies readonly ExportFormat[]
type RunFormat = (typeof runFormats)[number]

export const exportFormats = [...runFormats, 'parquet', 'tensorboard'] as const
/** Formats that no terminal can show. */
const binary: ReadonlySet<ExportFormat> = new Set(['onnx', 'bareOnnx', 'hiso'])

export interface ExportOptions {
  readonly format: (typeof exportFormats)[number]
  readonly out?: string
  /** One long table of all runs. */
  readonly tidy?: boolean
  /** Of that table: which parts. */
  readonly with: string
  /** Of onnx: the graph alone, for values that are scaled already. */
  readonly raw?: boolean
  /** Whether a run may hold fewer rounds than it has recorded. */
  readonly partial?: boolean
}

export async function exportTo(
  context: CommandContext,
  runs: readonly string[],
  { format, tidy = false, with: parts, ...options }: ExportOptions,
): Promise<number> {
  const out = options.out === undefined ? {} : { out: options.out }
  if (format === 'tensorboard') return exportEvents(context, runs, options.out)
  if (format === 'parquet' || (format === 'csv' && tidy))
    return exportTidy(context, runs, { format, ...out, parts })
  if (tidy)
    throw new HisoError('CONFIG_INVALID', {
      where: '--tidy',
      what: `a ${format} file is no table`,
      remedy: 'Write --format csv or --format parquet',
    })
  if (runs.length > 1)
    throw new HisoError('CONFIG_INVALID', {
      where: `--format ${format}`,
      what: 'it is of one run',
      remedy: 'Name one run, or write all into one table with --tidy',
    })
  return exportOne(context, runs[0]!, { ...options, format })
}

/**
 * Numbers go to stdout, a model or a whole run to a file named after the run, unless `out` says
 * otherwise.
 */
async function exportOne(
  { host, terminal, cwd }: CommandContext,
  run: string,
  {
    format: named,
    out,
    raw = false,
    partial: isPartial = false,
  }: Omit<ExportOptions, 'format' | 'tidy' | 'with'> & { readonly format: RunFormat },
): Promise<number> {
  if (raw && named !== 'onnx')
    throw new HisoError('CONFIG_INVALID', {
      where: '--raw',
      what: `a ${named} file has no scaling to leave out`,
      remedy: 'Leave it out, or write --format onnx',
    })
  const format = raw ? 'bareOnnx' : named
  const folder = resolve(cwd, run)
  const exported = () =>
    exportRun(host, folder, format, {
      isPartial,
      notice: (text) => terminal.tell(`  ${oneLine(text)}`),
    })
  const file = out ?? (binary.has(format) ? `${basename(folder)}.${named}` : undefined)
  if (file === undefined) {
    terminal.write(new TextDecoder().decode(await exported()))
    return exitCodes.ok
  }
  const path = resolve(cwd, file)
  if (out === undefined && (await host.files.kind(path)) !== undefined)
    throw new HisoError('FILE_UNWRITABLE', {
      where: file,
      what: 'there is such a file already',
      remedy: 'Name the file to write with --out',
    })
  const bytes = await exported()
  await host.files.write(path, bytes)
  terminal.print(`  Wrote ${shortPath(path, cwd)} (${formatBytes(bytes.length)})`)
  return exitCodes.ok
}
