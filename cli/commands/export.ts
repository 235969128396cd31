/** `hiso export`: a run's numbers as CSV or JSON, or its trained model as ONNX. */
import { basename, resolve } from 'node:path'
import { HisoError } from '../../core/base/index.ts'
import { exportRun, type ExportFormat } from '../../core/engine/index.ts'
import { shortPath, type CommandContext } from '../context.ts'
import { exitCodes } from '../exitCodes.ts'
import { formatBytes } from '../units.ts'

export const exportFormats = ['csv', 'json', 'onnx'] as const satisfies readonly ExportFormat[]

export interface ExportOptions {
  readonly format: ExportFormat
  readonly out?: string
}

/** Numbers go to stdout, a model to a file named after the run, unless `out` says otherwise. */
export async function exportTo(
  { host, terminal, cwd }: CommandContext,
  run: string,
  { format, out }: ExportOptions,
): Promise<number> {
  const folder = resolve(cwd, run)
  const file = out ?? (format === 'onnx' ? `${basename(folder)}.onnx` : undefined)
  if (file === undefined) {
    terminal.write(new TextDecoder().decode(await exportRun(host, folder, format)))
    return exitCodes.ok
  }
  const path = resolve(cwd, file)
  if (out === undefined && (await host.files.kind(path)) !== undefined)
    throw new HisoError('FILE_UNWRITABLE', {
      where: file,
      what: 'there is such a file already',
      remedy: 'Name the file to write with --out',
    })
  const bytes = await exportRun(host, folder, format)
  await host.files.write(path, bytes)
  terminal.print(`  Wrote ${shortPath(path, cwd)} (${formatBytes(bytes.length)})`)
  return exitCodes.ok
}
