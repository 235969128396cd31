/** `hiso list`: the runs in a folder. */
import { HisoError, oneLine } from '../../core/base/index.ts'
import { methodTitle } from '../../core/config/index.ts'
import { relative, resolve } from 'node:path'
import {
  listLibrary,
  nameRuns,
  runFiles,
  seenStatus,
  type ListedRun,
  type SeenStatus,
} from '../../core/runs/index.ts'
import { defaultLibrary, shellPath, shortPath, type CommandContext } from '../context.ts'
import { exitCodes } from '../exitCodes.ts'
import { formatTable } from '../table.ts'
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatLoss,
  formatPlural,
  formatShare,
} from '../units.ts'

interface SeenRun extends ListedRun {
  readonly status: SeenStatus
  /** What tells it from the others, as the app calls it. */
  readonly name: string
}

export async function list(
  { host, terminal, cwd, invocation }: CommandContext,
  library: string = defaultLibrary,
  { json = false }: { readonly json?: boolean } = {},
): Promise<number> {
  const { files } = host
  const folder = resolve(cwd, library)
  const kind = await files.kind(folder)
  // There are no runs before the first.
  if (kind !== 'folder' && library !== defaultLibrary)
    throw new HisoError('FILE_UNREADABLE', {
      where: folder,
      what: kind === undefined ? 'there is no such folder' : 'this is a file',
      remedy: 'Give the folder that holds run folders; hiso list shows those in runs/',
    })
  const { runs: listed, problems } = await listLibrary(host, folder)
  const names = namesOf(listed)
  const runs: SeenRun[] = await Promise.all(
    listed.map(async (run) => ({
      ...run,
      name: names.get(run.folder)!,
      status: await seenStatus(files, run.folder, run.record),
    })),
  )
  if (json) {
    const seen = runs.map(({ folder: path, name, status, record, config }) => ({
      folder: path,
      name,
      status,
      method: config.method.name,
      record,
    }))
    terminal.print(JSON.stringify(seen))
    return exitCodes.ok
  }
  for (const { folder: path, problem } of problems)
    terminal.tell(
      `  ${terminal.paint('yellow', '!')} ${oneLine(`${relative(folder, path)}: ${problem}`)}`,
    )
  if (runs.length === 0) {
    const name = shortPath(folder, cwd)
    const isRun = (await files.kind(files.join(folder, runFiles.record))) === 'file'
    terminal.print(
      isRun
        ? `  ${name} is itself a run:  ${invocation} show ${shellPath(folder, cwd)}`
        : `  There are no runs in ${name}. Start one:  ${invocation} run quickstart`,
    )
    return exitCodes.ok
  }
  const columns = [
    { title: 'run' },
    { title: 'name' },
    { title: 'method' },
    { title: 'status' },
    { title: 'rounds', isNumber: true },
    { title: 'accuracy', isNumber: true },
    { title: 'test loss', isNumber: true },
    { title: 'up', isNumber: true },
    { title: 'down', isNumber: true },
    { title: 'time', isNumber: true },
    { title: 'started (UTC)' },
  ]
  terminal.print(
    formatTable(
      terminal,
      columns,
      runs.map((run) => cellsOf(run, folder)),
    ),
  )
  terminal.print(
    `\n  ${terminal.paint('dim', `${formatPlural(runs.length, 'run')} in ${shortPath(folder, cwd)}`)}`,
  )
  return exitCodes.ok
}

/** By folder; numbers go to the later of equal ones. */
function namesOf(runs: readonly ListedRun[]): ReadonlyMap<string, string> {
  const ordered = runs.toSorted((a, b) => (a.record.created < b.record.created ? -1 : 1))
  const names = nameRuns(
    ordered.map(({ config, notes: { title }, record: { forkedFrom } }) => ({
      ...{ config, title, forkedFrom },
    })),
  )
  return new Map(ordered.map(({ folder }, at) => [folder, names[at]!]))
}

function cellsOf({ folder, name, status, record, config }: SeenRun, library: string): string[] {
  const { latest, totals } = record
  return [
    relative(library, folder),
    name,
    methodTitle(config.method.name),
    status,
    `${formatCount(record.rounds)}/${formatCount(config.federation.rounds)}`,
    latest.testAccuracy === undefined ? '' : formatShare(latest.testAccuracy),
    latest.testLoss === undefined ? '' : formatLoss(latest.testLoss),
    formatBytes(totals.uplinkBytes),
    formatBytes(totals.downlinkBytes),
    formatDuration(totals.elapsedMs),
    record.created.slice(0, 16).replace('T', ' '),
  ]
}
