/** `hiso serve`: the server of a federation of real clients, and invitations to it. */
import { join, resolve } from 'node:path'
import { HisoError } from '../../core/base/index.ts'
import { checkDeployable, inviteTo, serveRun } from '../../core/engine/index.ts'
import { rosterFile } from '../../core/runs/index.ts'
import { readRunConfig, runFiles } from '../../core/runs/index.ts'
import { shortPath, type CommandContext } from '../context.ts'
import { exitCodes } from '../exitCodes.ts'
import { playRun } from '../playRun.ts'
import { readOwnConfig } from '../readConfigs.ts'
import { serveLine } from '../serveLine.ts'

export interface ServeOptions {
  readonly set: readonly string[]
  readonly broker?: string
  readonly out: string
  readonly invite?: readonly string[]
  readonly credentials?: string
  readonly start?: string
  readonly quorum?: string
  readonly deadline?: string
  readonly json?: boolean
}

export async function serve(
  context: CommandContext,
  word: string,
  options: ServeOptions,
): Promise<number> {
  const { host, cwd } = context
  const folder = resolve(cwd, options.out)
  const isBegun = (await host.files.kind(join(folder, runFiles.record))) === 'file'
  const config = isBegun
    ? await readRunConfig(host, folder)
    : await readOwnConfig(context, word, options.set)
  checkDeployable(config)
  if (options.invite !== undefined) {
    const { roster, invitations } = await inviteTo(host, folder, config, options.invite)
    for (const { name, path } of invitations.clients)
      context.terminal.print(
        `  ${name} is client ${roster.indexOf(name)! + 1}. Give ${shortPath(path, cwd)} to them and to nobody else.`,
      )
    const broker = shortPath(invitations.broker, cwd)
    context.terminal.print(`  The broker’s users are in ${broker}:  nats-server -c ${broker}`)
    context.terminal.print(
      `  Only names in ${shortPath(join(folder, rosterFile), cwd)} may join from now on.`,
    )
    return exitCodes.ok
  }
  const { broker, credentials, start, quorum, deadline, json = false } = options
  if (broker === undefined)
    throw new HisoError('CONFIG_INVALID', {
      where: '--broker',
      what: 'nobody knows where the message broker is',
      remedy: 'Start nats-server, and name it: --broker nats://localhost',
    })
  const settings = {
    broker,
    credentials: credentials && resolve(cwd, credentials),
    start: numberOf('--start', start),
    quorum: numberOf('--quorum', quorum),
    deadlineSeconds: numberOf('--deadline', deadline),
  }
  const { exitCode } = await playRun(context, () => serveRun(host, folder, config, settings), {
    json,
    isServed: true,
    goOn: serveLine(context, word, folder, settings),
  })
  return exitCode
}

function numberOf(option: string, text: string | undefined): number | undefined {
  if (text === undefined || /^\d{1,9}$/.test(text))
    return text === undefined ? undefined : Number(text)
  throw new HisoError('CONFIG_INVALID', {
    where: option,
    what: `${text} is no whole number`,
    remedy: 'Give digits only',
  })
}
