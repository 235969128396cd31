/** `hiso fork`: a new run that shares its first rounds with another, then with other settings. */
import { resolve } from 'node:path'
import { forkedRun } from '../../core/engine/index.ts'
import { newRunFolder, readRunConfig } from '../../core/runs/index.ts'
import { checkConfig } from '../../api/readConfig.ts'
import { defaultLibrary, type CommandContext } from '../context.ts'
import { playRun } from '../playRun.ts'
import { wholeNumber } from '../wholeNumber.ts'

export interface ForkOptions {
  readonly at: string
  readonly set: readonly string[]
  readonly out?: string
  readonly json?: boolean
}

export async function fork(
  context: CommandContext,
  run: string,
  { at, set, out, json = false }: ForkOptions,
): Promise<number> {
  const { host, cwd } = context
  const from = resolve(cwd, run)
  const rounds = wholeNumber('--at', at)
  const to =
    out === undefined
      ? await newRunFolder(
          host.files,
          resolve(cwd, defaultLibrary),
          await readRunConfig(host, from),
        )
      : resolve(cwd, out)
  const { exitCode } = await playRun(
    context,
    () =>
      forkedRun(host, {
        ...{ from, to, rounds },
        configure: (config) => checkConfig(context, config, set),
      }),
    { json },
  )
  return exitCode
}
