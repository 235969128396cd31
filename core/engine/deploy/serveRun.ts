/** Opens the server of a federation: a run whose clients are elsewhere. */
import { z } from 'zod'
import { HisoError, parseJson } from '../../base/index.ts'
import type { RunConfig } from '../../config/index.ts'
import { readRunConfig, runFiles } from '../../runs/index.ts'
import type { EngineHost } from '../engineHost.ts'
import { Run } from '../play/run.ts'
import { checkDeployable, deploymentOf } from './deployment.ts'
import type { JoinedClients } from './joinedClients.ts'
import { Roster } from './roster.ts'
import type { Invitations } from './ways.ts'

/** What is known of a federation besides its config. It is kept, and holds no password. */
export interface ServeSettings {
  /** Of the broker. */
  readonly broker: string
  /** The file with the server's user and password. */
  readonly credentials?: string | undefined
  /** The first round of a sitting waits for so many clients; all, if left out. */
  readonly start?: number | undefined
  /** A round needs so many answers; half of the participants, if left out. */
  readonly quorum?: number | undefined
  /** How long a round waits for those who are there; a minute, if left out. */
  readonly deadlineSeconds?: number | undefined
}

const serveSettings = z.object({
  broker: z.string(),
  credentials: z.string().optional(),
  start: z.int().positive().optional(),
  quorum: z.int().positive().optional(),
  deadlineSeconds: z.int().positive().optional(),
})

const defaultDeadlineSeconds = 60
const settingsFile = 'serve.json'

/**
 * @param config of a new run; a folder with a run goes on with that one's
 * @throws HisoError BROKER_…, CONFIG_INVALID for what only a simulation can do, and as `Run.start`
 *   and `Run.resume` do
 */
export async function serveRun(
  host: EngineHost,
  folder: string,
  config: RunConfig | undefined,
  settings: ServeSettings,
): Promise<Run> {
  const isBegun = (await host.files.kind(host.files.join(folder, runFiles.record))) === 'file'
  const own = isBegun || config === undefined ? await readRunConfig(host, folder) : config
  checkDeployable(own)
  const { clients, participants } = own.federation
  const start = numberOf('start', settings.start, clients, clients)
  const quorum = numberOf('quorum', settings.quorum, Math.ceil(participants / 2), participants)
  const deadline = numberOf('deadline', settings.deadlineSeconds, defaultDeadlineSeconds, 1e6)
  const roster = await Roster.open(host.files, folder, clients, host.federation.newId())
  let joined: JoinedClients | undefined
  const ways = await host.federation.open(settings.broker, settings.credentials, {
    onFrame: (name, frame, session) => joined?.receive(name, frame, session),
    onAbsent: (name) => joined?.leave(name),
    onNotice: (text) => joined?.tell(text),
  })
  const deployment = deploymentOf(host, own, {
    ...{ roster, start, quorum, deadlineMs: 1000 * deadline },
    send: (name, message) => ways.send(name, message),
    onClosed: () => ways.close(),
    onOpened: (all) => (joined = all),
  })
  try {
    const run = isBegun
      ? await Run.resume(host, folder, { deployment })
      : await Run.start(host, own, folder, deployment)
    await roster.save()
    const kept = new TextEncoder().encode(`${JSON.stringify(settings, null, 2)}\n`)
    await host.files.writeOwn(folder, settingsFile, kept)
    return run
  } catch (error) {
    await ways.close()
    throw error
  }
}

/** How the run of a folder was served; undefined for a simulation. */
export async function servedBefore(
  { files }: Pick<EngineHost, 'files'>,
  folder: string,
): Promise<ServeSettings | undefined> {
  const bytes = await files.own(folder).read(settingsFile)
  if (bytes === undefined) return undefined
  try {
    return serveSettings.parse(parseJson(new TextDecoder().decode(bytes)))
  } catch (cause) {
    throw new HisoError('RUN_CORRUPT', {
      where: files.join(folder, settingsFile),
      what: 'it does not say where the broker of this federation is',
      remedy: 'Go on with it by hiso serve --out FOLDER --broker nats://HOST',
      cause,
    })
  }
}

/**
 * Lets these clients, and from now on no others, join the federation of a folder. A name that was
 * invited before gets a new password.
 * @throws HisoError CONFIG_INVALID, FILE_UNWRITABLE
 */
export async function inviteTo(
  host: EngineHost,
  folder: string,
  config: RunConfig,
  names: readonly string[],
): Promise<{ readonly roster: Roster; readonly invitations: Invitations }> {
  checkDeployable(config)
  const roster = await Roster.open(
    host.files,
    folder,
    config.federation.clients,
    host.federation.newId(),
  )
  roster.checkRoomFor(names)
  const invitations = host.federation.invite(folder, names)
  for (const name of names) await roster.invite(name)
  return { roster, invitations }
}

function numberOf(where: string, value: number | undefined, usual: number, most: number): number {
  if (value === undefined) return usual
  if (Number.isInteger(value) && value >= 1 && value <= most) return value
  throw new HisoError('CONFIG_INVALID', {
    where,
    what: `${value} is no number from 1 to ${most}`,
    remedy: 'Give a whole number',
  })
}
