/** `hiso replay`: rebuilds a run's model from its log alone and says, or compares, its hash. */
import { resolve } from 'node:path'
import { HisoError } from '../../core/base/index.ts'
import { replayRun } from '../../core/engine/index.ts'
import type { CommandContext } from '../context.ts'
import { exitCodes } from '../exitCodes.ts'
import { formatPlural } from '../units.ts'

export interface ReplayOptions {
  readonly verify?: boolean
  readonly json?: boolean
}

export async function replay(
  { host, terminal, cwd }: CommandContext,
  run: string,
  { verify = false, json = false }: ReplayOptions,
): Promise<number> {
  const { rounds, stateHash, recordedHash, classes } = await replayRun(host, resolve(cwd, run))
  const counted = formatPlural(rounds, 'round')
  if (!verify) {
    terminal.print(
      json ? JSON.stringify({ rounds, stateHash }) : `  Replayed ${counted}: state ${stateHash}`,
    )
    return exitCodes.ok
  }
  if (recordedHash === undefined)
    throw new HisoError('RUN_UNFINISHED', {
      where: run,
      what: `the run has not come to its end, so it holds no hash to compare with; after ${counted} the log gives ${stateHash}`,
      remedy: 'hiso show says where it stands, hiso resume goes on with it',
    })
  const verified = stateHash === recordedHash
  if (json) {
    const answer = { verified, rounds, stateHash, ...(verified ? {} : { recordedHash }) }
    terminal.print(JSON.stringify(answer))
  } else if (verified) {
    terminal.print(
      `  ${terminal.paint('green', '✓')} verified: the log of ${counted} gives the recorded state ${stateHash}`,
    )
  } else {
    terminal.print(
      `  ${terminal.paint('red', '✗')} not verified: the log of ${counted} gives the state ${stateHash}\n    but the run recorded ${recordedHash}`,
    )
  }
  if (classes > 1 && !json)
    terminal.print(
      `    Machines of ${classes} classes computed it: its log gives this state on every machine, and playing the run again gives another.`,
    )
  return verified ? exitCodes.ok : exitCodes.notVerified
}
