/** Reads of a run's folder what its figures are made of. */
import { basename } from 'node:path'
import {
  readHessian,
  readParticipation,
  ScalarReader,
  type CurvatureSettings,
  type EngineHost,
} from '../core/engine/index.ts'
import { checkIsWhole, messagesOf, readRun, readWholeRun, seenStatus } from '../core/runs/index.ts'
import { runColumnsOf, type LoadedRun, type RunFacts, type RunNeed } from '../figures/index.ts'
import type { CommandContext } from './context.ts'
import { examineFromTerminal } from './examination.ts'
import type { Signal } from './exitCodes.ts'

/** As many snapshots as Watch asks for. */
const snapshots = 48

/** @throws Interrupted when Ctrl-C ends a look at the curvature */
export async function readRunFacts(
  context: CommandContext,
  folder: string,
  need: RunNeed,
  settings: CurvatureSettings,
): Promise<RunFacts> {
  const { host } = context
  // A mailed run has no metrics: what its log tells can be drawn all the same.
  const read = need === 'metrics' ? readWholeRun : readRun
  const { config, record, rows, log } = await read(host, folder)
  checkIsWhole({ record, log }, folder)
  const changes = [...messagesOf(log)].flatMap((message) =>
    message.type === 'change' ? [message] : [],
  )
  return {
    config,
    columns: runColumnsOf(rows),
    dim: record.model.dim,
    initial: record.initial,
    changes,
    ...(await readers[need](context, folder, log.rounds, settings)),
  }
}

/** A signal has ended the work before anything was written. */
export class Interrupted extends Error {
  readonly signal: Signal

  constructor(signal: Signal) {
    super(signal)
    this.signal = signal
  }
}

type Reader = (
  context: CommandContext,
  folder: string,
  rounds: number,
  settings: CurvatureSettings,
) => Promise<Partial<RunFacts>>

const readers: Readonly<Record<RunNeed, Reader>> = {
  metrics: async () => ({}),
  scalars: async ({ host }, folder, rounds) => ({
    scalars: await new ScalarReader(host, folder).read(0, rounds),
  }),
  participation: async ({ host }, folder, rounds) => ({
    participation: { from: 0, ...(await readParticipation(host, folder, 0, rounds)) },
  }),
  snapshots: async ({ host }, folder) => ({
    snapshots: await readHessian(host, folder, snapshots),
  }),
  curvature: (context, folder, _rounds, settings) => lookAtCurvature(context, folder, settings),
  spectrum: (context, folder, _rounds, settings) =>
    lookAtCurvature(context, folder, { ...settings, probes: fewestProbes }),
}

/** The spectrum has a random stream of its own: it is the same for any number of probes. */
const fewestProbes = 2

async function lookAtCurvature(
  context: CommandContext,
  folder: string,
  settings: CurvatureSettings,
): Promise<Partial<RunFacts>> {
  const { report, signal } = await examineFromTerminal(context, folder, settings)
  if (signal !== undefined) throw new Interrupted(signal)
  return { curvature: report.rounds[0]! }
}

export async function readLoadedRun(host: EngineHost, folder: string): Promise<LoadedRun> {
  const { path, config, record, rows } = await readWholeRun(host, folder)
  const state = await seenStatus(host.files, path, record)
  return { folder: path, name: basename(path), config, state, columns: runColumnsOf(rows) }
}
