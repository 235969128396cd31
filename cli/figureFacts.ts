/** Reads of a run's folder what its figures are made of. */
import { basename } from 'node:path'
import { HisoError } from '../core/base/index.ts'
import {
  curvatureDefaults,
  examineCurvature,
  readHessian,
  readParticipation,
  ScalarReader,
  type EngineHost,
} from '../core/engine/index.ts'
import { messagesOf, readRun, seenStatus } from '../core/runs/index.ts'
import { runColumnsOf, type LoadedRun, type RunFacts, type RunNeed } from '../figures/index.ts'

/** As many snapshots as Watch asks for. */
const snapshots = 48

export async function readRunFacts(
  host: EngineHost,
  folder: string,
  need: RunNeed,
): Promise<RunFacts> {
  const { config, record, rows, log } = await readRun(host, folder)
  const changes = [...messagesOf(log)].flatMap((message) =>
    message.type === 'change' ? [message] : [],
  )
  return {
    config,
    columns: runColumnsOf(rows),
    dim: record.model.dim,
    initial: record.initial,
    changes,
    ...(await readers[need](host, folder, log.rounds)),
  }
}

type Reader = (host: EngineHost, folder: string, rounds: number) => Promise<Partial<RunFacts>>

const readers: Readonly<Record<RunNeed, Reader>> = {
  metrics: async () => ({}),
  scalars: async (host, folder, rounds) => ({
    scalars: await new ScalarReader(host, folder).read(0, rounds),
  }),
  participation: async (host, folder, rounds) => ({
    participation: { from: 0, ...(await readParticipation(host, folder, 0, rounds)) },
  }),
  snapshots: async (host, folder) => ({ snapshots: await readHessian(host, folder, snapshots) }),
  curvature: async (host, folder) => {
    const settings = { ...curvatureDefaults, rounds: ['last' as const] }
    const { rounds } = await examineCurvature(host, folder, settings, {
      progressed: () => {},
      isCancelled: () => false,
    })
    const [last] = rounds
    if (last === undefined)
      throw new HisoError('RUN_UNFINISHED', { where: folder, what: 'it has no round to look at' })
    return { curvature: last }
  },
}

export async function readLoadedRun(host: EngineHost, folder: string): Promise<LoadedRun> {
  const { path, config, record, rows } = await readRun(host, folder)
  const state = await seenStatus(host.files, path, record)
  return { folder: path, name: basename(path), config, state, columns: runColumnsOf(rows) }
}
