/**
 * `hiso download`: a model or a set of texts from the Hugging Face hub into the cache that Hugging
 * Face's own programs use.
 */
import { oneLine } from '../../core/base/index.ts'
import { downloadFromHub, type Downloaded } from '../../core/engine/index.ts'
import { Cancellation, type RepositoryKind } from '../../core/hub/index.ts'
import { shortPath, type CommandContext } from '../context.ts'
import { DownloadProgressLine } from '../downloadProgress.ts'
import { exitCodeOfSignal, exitCodes } from '../exitCodes.ts'
import { Interruption } from '../interruption.ts'
import { formatBytes, formatPlural } from '../units.ts'

export const repositoryKinds = ['model', 'dataset'] as const satisfies readonly RepositoryKind[]

export interface DownloadOptions {
  readonly revision?: string
  readonly file?: string
  readonly config?: string
  readonly json?: boolean
}

/** With `json` progress and result are streamed, one object a line. */
export async function download(
  context: CommandContext,
  kind: RepositoryKind,
  id: string,
  { revision, file, config, json = false }: DownloadOptions,
): Promise<number> {
  const { host, terminal, cwd } = context
  const cancellation = new Cancellation()
  const interruption = new Interruption({
    source: process,
    now: () => host.now(),
    onFirst: () => cancellation.cancel(),
    onSecond: (signal) => process.exit(exitCodeOfSignal(signal)),
  })
  const line = new DownloadProgressLine(terminal, () => host.now())
  const part = kind === 'model' ? file : config
  const request = {
    ...{ kind, id },
    ...(revision !== undefined && { revision }),
    ...(part !== undefined && { part }),
  }
  let found: Downloaded
  try {
    found = await downloadFromHub(request, host, {
      progressed: (progress) =>
        json
          ? terminal.print(JSON.stringify({ type: 'progressed', ...progress }))
          : line.show(progress),
      cancellation,
    })
  } finally {
    terminal.clearLive()
    interruption.close()
  }
  if (json) terminal.print(JSON.stringify({ type: 'downloaded', ...found }))
  if (found.isCancelled) {
    terminal.tell('  Stopped. What has arrived is kept: the same command continues from there.')
    return interruption.signal === undefined ? exitCodes.ok : exitCodeOfSignal(interruption.signal)
  }
  if (!json) {
    const { path, reference, files, bytes, notices } = found
    const mark = terminal.paint('green', '✓')
    terminal.print(
      `  ${mark} ${formatPlural(files.length, 'file')}, ${formatBytes(bytes)}, in ${shortPath(path, cwd)}`,
    )
    for (const notice of notices)
      terminal.print(`  ${terminal.paint('yellow', '!')} ${oneLine(notice)}`)
    terminal.print(
      `  In a config:  task: { kind: language, ${kind}: ${terminal.paint('bold', `'${reference}'`)} }`,
    )
  }
  return exitCodes.ok
}
