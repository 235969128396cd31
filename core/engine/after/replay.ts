/**
 * Rebuilds a stored run's model from its log alone: to verify it, and to take the trained model
 * out.
 */
import type { RoundWorker } from '../../federation/index.ts'
import { readRun, type StoredRun } from '../../runs/index.ts'
import type { EngineHost } from '../engineHost.ts'
import { openWorker } from '../play/openWorker.ts'
import { rebuildTrainedModel } from './trainedModel.ts'

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

/**
 * The trained model of a run as a standalone ONNX file, LoRA's matrices merged into the weights
 * beside which they stood.
 * @throws HisoError MODEL_UNSUPPORTED for a task without a model; RUN_… and as
 *   `rebuildTrainedModel`
 */
export async function exportModel(host: EngineHost, folder: string): Promise<Uint8Array> {
  const model = await rebuildTrainedModel(host, await readRun(host, folder), folder)
  const [bytes] = (await model.files('onnx')).values()
  return bytes!
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
