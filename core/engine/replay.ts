/** Rebuilds a stored run's model from its log alone: to verify it, and to take the trained model out. */
import { HisoError } from '../base/index.ts'
import type { RoundWorker } from '../federation/index.ts'
import { openDataset } from '../data/index.ts'
import { exportTrained } from '../model/index.ts'
import { readRun, type StoredRun } from '../runs/index.ts'
import type { EngineHost } from './engineHost.ts'
import { openWorker } from './openWorker.ts'
import { openGraph } from './task.ts'

export interface Replay {
  readonly rounds: number
  /** The hash of the rebuilt state. */
  readonly stateHash: string
  /** The hash that the run recorded at its end; undefined for a run that was interrupted. */
  readonly recordedHash: string | undefined
}

/** @throws HisoError when the run, its data or its model can't be read */
export async function replayRun(host: EngineHost, folder: string): Promise<Replay> {
  const run = await readRun(host, folder)
  return withReplica(host, run, async (worker) => ({
    rounds: run.log.rounds,
    stateHash: await worker.stateHash(),
    recordedHash: run.record.rounds === run.log.rounds ? run.record.stateHash : undefined,
  }))
}

/** The trained model of a run as a standalone ONNX file. @throws HisoError MODEL_UNSUPPORTED for a task without a model */
export async function exportModel(host: EngineHost, folder: string): Promise<Uint8Array> {
  const run = await readRun(host, folder)
  const { task, seed } = run.config
  if (task.kind !== 'classification')
    throw new HisoError('MODEL_UNSUPPORTED', {
      where: folder,
      what:
        task.kind === 'language'
          ? 'language models are not written as ONNX files yet'
          : `a ${task.kind} objective is a formula, there is no model to export`,
      remedy: 'Export this run as csv or json',
    })
  const params = await withReplica(host, run, (worker) => worker.params())
  return exportTrained(await openGraph(task, await openDataset(task, host), seed, host), params)
}

async function withReplica<Answer>(
  host: EngineHost,
  run: StoredRun,
  use: (worker: RoundWorker) => Promise<Answer>,
): Promise<Answer> {
  const { worker } = await openWorker(run.config, host)
  try {
    await worker.apply(run.log.since(0))
    return await use(worker)
  } finally {
    await worker.close()
  }
}
