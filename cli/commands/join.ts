/** `hiso join`: one client of a federation, with its own data. */
import { resolve } from 'node:path'
import { oneLine } from '../../core/base/index.ts'
import { joinFrom } from '../../api/host.ts'
import { locateOwn } from '../../api/readConfig.ts'
import { checkClientName, type JoinedFederation } from '../../core/engine/index.ts'
import type { CommandContext } from '../context.ts'
import { exitCodeOfSignal, exitCodes, type Signal } from '../exitCodes.ts'
import { Interruption } from '../interruption.ts'
import { AnswerLine } from '../answerLine.ts'
import { formatCount, formatPlural } from '../units.ts'

export interface JoinCommandOptions {
  readonly client: string
  readonly data?: string
  readonly model?: string
  readonly credentials?: string
}

export async function join(
  context: CommandContext,
  address: string,
  { client, data, model, credentials }: JoinCommandOptions,
): Promise<number> {
  const { terminal, cwd, host } = context
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
  const answers = new AnswerLine(terminal, () => host.now())
  try {
    const stay = await joinFrom({
      address,
      name: client,
      credentialsPath: credentials && resolve(cwd, credentials),
      places: { data: await locateOwn(context, data), model: await locateOwn(context, model) },
      host,
      signal: ended.signal,
      onNotice: (text) => terminal.print(`  ${oneLine(text)}`),
      onAnswered: (round) => answers.show(round),
    })
    terminal.clearLive()
    terminal.print(`  ${formatPlural(answers.count, 'answer')}; ${knowledgeText(stay)}`)
    return signal === undefined ? exitCodes.ok : exitCodeOfSignal(signal)
  } finally {
    terminal.clearLive()
    interruption.close()
  }
}

function knowledgeText({ rounds, allRounds, stateHash }: JoinedFederation): string {
  const known =
    rounds === allRounds
      ? `knows all ${formatPlural(rounds, 'round')}`
      : `knows ${formatCount(rounds)}${allRounds === undefined ? '' : ` of ${formatCount(allRounds)}`} rounds`
  if (stateHash === undefined) return known
  return `${known}; state after round ${formatCount(rounds)}: ${stateHash}`
}
