/** `hiso worker`: lets this machine work for runs elsewhere, until it is interrupted. */
import { resolve } from 'node:path'
import { offerThisMachine } from '../../api/host.ts'
import { HisoError, oneLine } from '../../core/base/index.ts'
import type { CommandContext } from '../context.ts'
import { wholeNumber } from '../wholeNumber.ts'
import { exitCodeOfSignal, type Signal } from '../exitCodes.ts'
import { Interruption } from '../interruption.ts'

export interface WorkerOptions {
  readonly workers?: string
  readonly name?: string
  readonly credentials?: string
}

const mostWorkers = 1024

export async function worker(
  { terminal, cwd, host }: CommandContext,
  address: string,
  { workers, name, credentials }: WorkerOptions,
): Promise<number> {
  const machine = await offerThisMachine({
    address,
    workers: workers === undefined ? undefined : countOf(workers),
    name,
    credentialsPath: credentials && resolve(cwd, credentials),
    onNotice: (text) => terminal.print(`  ${oneLine(text)}`),
  })
  terminal.print(
    `  ${machine.name} offers ${machine.workers} ${machine.workers === 1 ? 'worker' : 'workers'} at ${address}. Ctrl-C ends it.`,
  )
  const interrupted = interruption(() => host.now())
  const signal = await Promise.race([interrupted, machine.refused]).catch(
    async (error: unknown) => {
      await machine.close()
      throw error
    },
  )
  terminal.tell('\n  Finishing what it works on… (again to quit at once)')
  await machine.close()
  return exitCodeOfSignal(signal)
}

function countOf(text: string): number {
  const count = wholeNumber('--workers', text)
  if (count >= 1 && count <= mostWorkers) return count
  throw new HisoError('CONFIG_INVALID', {
    where: '--workers',
    what: `${text} is no number of workers`,
    remedy: `Give a whole number from 1 to ${mostWorkers}`,
  })
}

/** Resolves at the first signal; a second one ends the program. */
function interruption(now: () => number): Promise<Signal> {
  return new Promise((resolveWith) => {
    new Interruption({
      source: process,
      now,
      onFirst: resolveWith,
      onSecond: (signal) => process.exit(exitCodeOfSignal(signal)),
    })
  })
}
