/** `hiso resume`: continues an interrupted or stopped run where its log ends. */
import { resolve } from 'node:path'
import { HisoError } from '../../core/base/index.ts'
import { Run, servedBefore } from '../../core/engine/index.ts'
import type { CommandContext } from '../context.ts'
import { playRun } from '../playRun.ts'
import { serveLine } from '../serveLine.ts'

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
  const served = await servedBefore(context.host, folder)
  if (served !== undefined)
    throw new HisoError('RUN_CHANGED', {
      where: run,
      what: 'this run is a federation of real clients',
      remedy: `Go on with it:  ${serveLine(context, run, folder, served)}`,
    })
  const { exitCode } = await playRun(
    context,
    () => Run.resume(context.host, folder, { discardDamaged }),
    { json },
  )
  return exitCode
}
