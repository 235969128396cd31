/** `hiso serve`: the server of a federation of real clients, and invitations to it. */
import { randomBytes, randomUUID } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { serveFrom } from '../../api/host.ts'
import { readConfig } from '../../api/readConfig.ts'
import { HisoError, messageOf } from '../../core/base/index.ts'
import {
  checkDeployable,
  deploymentOf,
  Roster,
  rosterFile,
  Run,
  type JoinedClients,
} from '../../core/engine/index.ts'
import { readRunConfig, runFiles } from '../../core/runs/index.ts'
import { makeFolder } from '../../platform/index.ts'
import { shortPath, type CommandContext } from '../context.ts'
import { exitCodes } from '../exitCodes.ts'
import { brokerConfig, type BrokerUser } from '../brokerConfig.ts'
import { playRun } from '../playRun.ts'

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

const defaultDeadlineSeconds = 60

export async function serve(
  context: CommandContext,
  word: string,
  options: ServeOptions,
): Promise<number> {
  const { host, terminal, cwd } = context
  const folder = resolve(cwd, options.out)
  const isBegun = (await host.files.kind(join(folder, runFiles.record))) === 'file'
  const config = isBegun
    ? await readRunConfig(host, folder)
    : await readConfig(context, word, options.set)
  checkDeployable(config)
  const { clients, participants } = config.federation
  const roster = await Roster.open(host.files, folder, clients, randomUUID())
  if (options.invite !== undefined) return invite(context, folder, roster, options.invite)
  if (options.broker === undefined)
    throw new HisoError('CONFIG_INVALID', {
      where: '--broker',
      what: 'nobody knows where the message broker is',
      remedy: 'Start nats-server, and name it: --broker nats://localhost',
    })
  const start = numberOf('--start', options.start, clients, clients)
  const quorum = numberOf('--quorum', options.quorum, Math.ceil(participants / 2), participants)
  const deadlineMs = 1000 * numberOf('--deadline', options.deadline, defaultDeadlineSeconds, 1e6)

  let joined: JoinedClients | undefined
  const early: string[] = []
  const ways = await serveFrom(
    options.broker,
    options.credentials && resolve(cwd, options.credentials),
    {
      onFrame: (name, frame) => joined?.receive(name, frame),
      onAbsent: (name) => joined?.leave(name),
      onNotice: (text) => early.push(text),
    },
  )
  const deployment = deploymentOf(host, config, {
    roster,
    start,
    quorum,
    deadlineMs,
    send: (name, message) => ways.send(name, message),
    onOpened: (clientsOfRun) => (joined = clientsOfRun),
  })
  try {
    const { exitCode } = await playRun(
      context,
      async () => {
        const run = isBegun
          ? await Run.resume(host, folder, { deployment })
          : await Run.start(host, config, folder, deployment)
        await roster.save()
        return run
      },
      { json: options.json ?? false },
    )
    return exitCode
  } finally {
    for (const text of early) terminal.tell(`  ${text}`)
    await ways.close()
  }
}

/** Writes a credentials file for each name, and the users of all for the broker. */
async function invite(
  { terminal, cwd }: CommandContext,
  folder: string,
  roster: Roster,
  names: readonly string[],
): Promise<number> {
  const invitations = join(folder, 'invitations')
  makeFolder(invitations, 0o700)
  const users: BrokerUser[] = []
  for (const name of names) {
    const client = await roster.invite(name)
    const path = join(invitations, `${name}.yaml`)
    const password = randomBytes(24).toString('base64url')
    writeSecret(path, `user: ${name}\npassword: ${password}\n`)
    users.push({ name, password })
    terminal.print(
      `  ${name} is client ${client + 1}. Give ${shortPath(path, cwd)} to them and to nobody else.`,
    )
  }
  const conf = join(invitations, 'broker.conf')
  writeSecret(conf, brokerConfig(invitations, users))
  terminal.print(
    `  The broker’s users are in ${shortPath(conf, cwd)}:  nats-server -c ${shortPath(conf, cwd)}`,
  )
  terminal.print(
    `  Only names in ${shortPath(join(folder, rosterFile), cwd)} may join from now on.`,
  )
  return exitCodes.ok
}

/** A file that nobody else can read. */
function writeSecret(path: string, text: string): void {
  try {
    writeFileSync(path, text, { mode: 0o600 })
  } catch (cause) {
    throw new HisoError('FILE_UNWRITABLE', {
      where: path,
      what: `it can’t be written (${messageOf(cause)})`,
      remedy: 'Choose another folder with --out',
      cause,
    })
  }
}

function numberOf(option: string, text: string | undefined, usual: number, most: number): number {
  if (text === undefined) return usual
  const value = Number(text)
  if (Number.isInteger(value) && value >= 1 && value <= most) return value
  throw new HisoError('CONFIG_INVALID', {
    where: option,
    what: `${text} is no number from 1 to ${most}`,
    remedy: 'Give a whole number',
  })
}
