/** `hiso resume`: continues an interrupted or stopped run where its log ends. */
import { resolve } from 'node:path'
import { Run } from '../../core/engine/index.ts'
import type { CommandContext } from '../context.ts'
import { playRun } from '../playRun.ts'

export interface ResumeOptions {
  readonly discardDamaged?: boolean
  readonly json?: boolean
}

export async function resume(
  context: CommandContext,
  run: string,
  { discardDamaged = false, json = false }: ResumeOptions,
): Promise<number> {
  const folder = resolve(context.cwd, run)
  const { exitCode } = await playRun(
    context,
    () => Run.resume(context.host, folder, { discardDamaged }),
    { json },
  )
  return exitCode
}
