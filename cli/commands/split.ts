/** `hiso split`: which client gets how many samples of which class. */
import { join, resolve } from 'node:path'
import { HisoError } from '../../core/base/index.ts'
import {
  formatSplitCsv,
  imageShare,
  isImages,
  splitTable,
  type Partition,
  type SplitTable,
} from '../../core/data/index.ts'
import { openSamples, splitOf } from '../../core/tasks/index.ts'
import { makeFolder } from '../../platform/index.ts'
import { shortPath, type CommandContext } from '../context.ts'
import { exitCodes } from '../exitCodes.ts'
import { readOwnConfig } from '../readConfigs.ts'
import { formatTable } from '../table.ts'
import type { Terminal } from '../terminal.ts'
import { formatCount, formatPlural } from '../units.ts'

export const splitFormats = ['table', 'csv'] as const

export interface SplitOptions {
  readonly set: readonly string[]
  readonly format: (typeof splitFormats)[number]
  readonly out?: string
  readonly export?: string
  readonly json?: boolean
}

/** More than fit on a screen or two are for a spreadsheet. */
const shownClients = 100

export async function split(
  context: CommandContext,
  word: string,
  { set, format, out, json = false, ...more }: SplitOptions,
): Promise<number> {
  const { host, terminal, cwd } = context
  const config = await readOwnConfig(context, word, set)
  const samples = await openSamples(config, host)
  if (more.export !== undefined)
    return exportShares(context, samples, splitOf(config, samples), resolve(cwd, more.export))
  const table = splitTable(splitOf(config, samples), samples.classes)
  if (out !== undefined) {
    const path = resolve(cwd, out)
    const text =
      json || out.endsWith('.json')
        ? `${JSON.stringify(table)}\n`
        : format === 'csv' || out.endsWith('.csv')
          ? formatSplitCsv(table)
          : `${tableText(table, terminal)}\n`
    await host.files.write(path, new TextEncoder().encode(text))
    terminal.print(`  Wrote ${shortPath(path, cwd)}`)
  } else if (json) {
    terminal.print(JSON.stringify(table))
  } else if (format === 'csv') {
    terminal.write(formatSplitCsv(table))
  } else {
    terminal.print(tableText(table, terminal))
  }
  return exitCodes.ok
}

/** Writes each client's samples to a folder of its own, as `hiso join --data` takes it. */
async function exportShares(
  { host, terminal, cwd }: CommandContext,
  dataset: object,
  partition: Partition,
  folder: string,
): Promise<number> {
  if (!isImages(dataset))
    throw new HisoError('CONFIG_INVALID', {
      where: 'task.dataset',
      what: 'only images can be written as shares',
      remedy: 'Leave out --export, and give each client a table or texts of its own',
    })
  for (let client = 0; client < partition.clients; client++) {
    const own = join(folder, `client-${client + 1}`)
    makeFolder(own)
    for (const [name, bytes] of imageShare(dataset, partition.samplesOf(client)))
      await host.files.write(join(own, name), bytes)
  }
  terminal.print(
    `  Wrote the samples of ${formatPlural(partition.clients, 'client')} to ${shortPath(folder, cwd)}`,
  )
  return exitCodes.ok
}

function tableText({ header, rows }: SplitTable, terminal: Terminal): string {
  const totals = header
    .slice(1)
    .map((_, index) => rows.reduce((sum, row) => sum + row[index + 1]!, 0))
  const cells = rows.slice(0, shownClients).map((row) => row.map(formatCount))
  const left = rows.length - cells.length
  const table = formatTable(
    terminal,
    header.map((title) => ({ title, isNumber: true })),
    [...cells, ['all', ...totals.map(formatCount)].map((cell) => terminal.paint('bold', cell))],
  )
  if (left === 0) return table
  return `${table}\n\n  ${terminal.paint('dim', `${formatPlural(left, 'more client')} not shown; --format csv gives all`)}`
}
