/** `hiso extend`: plays more rounds of a run than it was to have. */
import { resolve } from 'node:path'
import { extendRun } from '../../core/engine/index.ts'
import { wholeNumber } from '../wholeNumber.ts'
import type { CommandContext } from '../context.ts'
import { playRun } from '../playRun.ts'

export interface ExtendOptions {
  readonly rounds: string
  readonly json?: boolean
}

export async function extend(
  context: CommandContext,
  run: string,
  { rounds, json = false }: ExtendOptions,
): Promise<number> {
  const folder = resolve(context.cwd, run)
  const more = wholeNumber('--rounds', rounds)
  const { exitCode } = await playRun(context, () => extendRun(context.host, folder, more), { json })
  return exitCode
}
