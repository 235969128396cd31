/** `hiso export` of several runs: one long table of all, or an event file for each. */
import { basename, join, resolve } from 'node:path'
import { HisoError } from '../../core/base/index.ts'
import {
  eventFileName,
  runEvents,
  sweptKeys,
  tidyParts,
  tidyRows,
  type TidyPart,
} from '../../core/engine/index.ts'
import { readRun } from '../../core/runs/index.ts'
import { makeFolder } from '../../platform/index.ts'
import { shortPath, type CommandContext } from '../context.ts'
import { exitCodes } from '../exitCodes.ts'
import { streamFile } from '../streamedFile.ts'
import { tidyWriter, type TidyFormat } from '../tidyFile.ts'
import { formatBytes, formatPlural } from '../units.ts'

export async function exportTidy(
  { host, terminal, cwd }: CommandContext,
  words: readonly string[],
  {
    format,
    out,
    parts,
  }: { readonly format: TidyFormat; readonly out?: string; readonly parts: string },
): Promise<number> {
  const wanted = partsOf(parts)
  const folders = words.map((word) => resolve(cwd, word))
  const path = resolve(cwd, out ?? `runs.${format}`)
  if (out === undefined && (await host.files.kind(path)) !== undefined)
    throw new HisoError('FILE_UNWRITABLE', {
      where: shortPath(path, cwd),
      what: 'there is such a file already',
      remedy: 'Name the file to write with --out',
    })
  const keys = await sweptKeys(host, folders)
  let rows = 0
  const length = await streamFile(path, async (file) => {
    const writer = tidyWriter(format, file, keys)
    for (const folder of folders) {
      const own = await tidyRows(host, folder, keys, wanted)
      rows += own.length
      await writer.write(own)
    }
    await writer.finish()
  })
  terminal.print(
    `  Wrote ${shortPath(path, cwd)}: ${formatPlural(rows, 'row')} of ${formatPlural(folders.length, 'run')} (${formatBytes(length)})`,
  )
  return exitCodes.ok
}

function partsOf(list: string): ReadonlySet<TidyPart> {
  const words = list.split(',').map((word) => word.trim())
  const strange = words.find((word) => !tidyParts.some((part) => part === word))
  if (strange === undefined) return new Set(words as TidyPart[])
  throw new HisoError('CONFIG_INVALID', {
    where: `--with ${list}`,
    what: `"${strange}" is no part of a run`,
    remedy: `Parts are ${tidyParts.join(', ')}, with commas between`,
  })
}

/** A folder for each run, as TensorBoard tells runs apart. */
export async function exportEvents(
  { host, terminal, cwd }: CommandContext,
  words: readonly string[],
  out = 'tensorboard',
): Promise<number> {
  for (const word of words) {
    const folder = resolve(cwd, word)
    const { record } = await readRun(host, folder)
    const target = resolve(cwd, out, basename(folder))
    makeFolder(target)
    const path = join(target, eventFileName(record))
    const length = await streamFile(path, async (file) => {
      for await (const piece of runEvents(host, folder)) file.append(piece)
    })
    terminal.print(`  Wrote ${shortPath(path, cwd)} (${formatBytes(length)})`)
  }
  return exitCodes.ok
}
