/**
 * `hiso export`: a run's numbers as CSV or JSON, its trained model as ONNX, or the whole run as one
 * file.
 */
import { basename, resolve } from 'node:path'
import { HisoError } from '../../core/base/index.ts'
import { exportRun, type ExportFormat } from '../../core/engine/index.ts'
import { shortPath, type CommandContext } from '../context.ts'
import { exitCodes } from '../exitCodes.ts'
import { formatBytes } from '../units.ts'

export const exportFormats = [
  'csv',
  'json',
  'onnx',
  'hiso',
] as const satisfies readonly ExportFormat[]
/** Formats that no terminal can show. */
const binary: ReadonlySet<ExportFormat> = new Set(['onnx', 'bareOnnx', 'hiso'])

export interface ExportOptions {
  readonly format: ExportFormat
  readonly out?: string
  /** Of onnx: the graph alone, for values that are scaled already. */
  readonly raw?: boolean
  /** Whether a run may hold fewer rounds than it has recorded. */
  readonly partial?: boolean
}

/**
 * Numbers go to stdout, a model or a whole run to a file named after the run, unless `out` says
 * otherwise.
 */
export async function exportTo(
  { host, terminal, cwd }: CommandContext,
  run: string,
  { format: named, out, raw = false, partial: isPartial = false }: ExportOptions,
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
    exportRun(host, folder, format, { isPartial, notice: (text) => terminal.tell(`  ${text}`) })
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
