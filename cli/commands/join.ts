/** `hiso join`: one client of a federation, with its own data. */
import { resolve } from 'node:path'
import { oneLine } from '../../core/base/index.ts'
import { joinFrom } from '../../api/host.ts'
import { checkClientName } from '../../core/engine/index.ts'
import type { CommandContext } from '../context.ts'
import { exitCodeOfSignal, exitCodes, type Signal } from '../exitCodes.ts'
import { Interruption } from '../interruption.ts'
import { formatCount } from '../units.ts'

export interface JoinCommandOptions {
  readonly client: string
  readonly data?: string
  readonly model?: string
  readonly credentials?: string
}

/** Answers between two lines that say how far it is. */
const answersPerLine = 100

export async function join(
  { terminal, cwd, host }: CommandContext,
  address: string,
  { client, data, model, credentials }: JoinCommandOptions,
): Promise<number> {
  checkClientName(client)
  const ended = new AbortController()
  let signal: Signal | undefined
  const interruption = new Interruption({
    source: process,
    now: () => host.now(),
    onFirst(first) {
      signal = first
      terminal.tell('\n  Leaving after the answer in progress… (again to quit at once)')
      ended.abort()
    },
    onSecond: (second) => process.exit(exitCodeOfSignal(second)),
  })
  let answers = 0
  try {
    const { rounds, stateHash } = await joinFrom({
      address,
      name: client,
      credentialsPath: credentials && resolve(cwd, credentials),
      places: { data: data && resolve(cwd, data), model: model && resolve(cwd, model) },
      host,
      signal: ended.signal,
      onNotice: (text) => terminal.print(`  ${oneLine(text)}`),
      onAnswered(round) {
        if (answers++ % answersPerLine === 0)
          terminal.print(`  answered round ${formatCount(round + 1)}`)
      },
    })
    terminal.print(
      `  ${formatCount(answers)} answers; knows ${formatCount(rounds)} rounds${stateHash === undefined ? '' : `, state ${stateHash}`}`,
    )
    return signal === undefined ? exitCodes.ok : exitCodeOfSignal(signal)
  } finally {
    interruption.close()
  }
}
