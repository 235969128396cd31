/**
 * `hiso pack`: the trained model of a run as a file to be mailed: fingerprint of the base model,
 * config and log of scalars.
 */
import { basename, resolve } from 'node:path'
import { HisoError, oneLine } from '../../core/base/index.ts'
import { exportRun } from '../../core/engine/index.ts'
import { shortPath, type CommandContext } from '../context.ts'
import { exitCodes } from '../exitCodes.ts'
import { formatBytes } from '../units.ts'

export async function pack(
  { host, terminal, cwd }: CommandContext,
  run: string,
  file: string | undefined,
  { partial: isPartial = false }: { readonly partial?: boolean },
): Promise<number> {
  const folder = resolve(cwd, run)
  const path = resolve(cwd, file ?? `${basename(folder)}.hiso`)
  if (file === undefined && (await host.files.kind(path)) !== undefined)
    throw new HisoError('FILE_UNWRITABLE', {
      where: shortPath(path, cwd),
      what: 'there is such a file already',
      remedy: 'Name the file to write: hiso pack RUN FILE',
    })
  const notice = (text: string) => terminal.tell(`  ${oneLine(text)}`)
  const bytes = await exportRun(host, folder, 'model', { isPartial, notice })
  await host.files.write(path, bytes)
  terminal.print(`  Wrote ${shortPath(path, cwd)} (${formatBytes(bytes.length)})`)
  return exitCodes.ok
}
