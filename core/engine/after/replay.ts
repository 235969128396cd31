/**
 * Rebuilds a stored run's model from its log alone, to verify it or to extract the trained model.
 */
import { readRun } from '../../runs/index.ts'
import type { EngineHost } from '../engineHost.ts'
import { openWorker } from '../play/openWorker.ts'
import { rebuildTrainedModel } from './trainedModel.ts'

export interface Replay {
  readonly rounds: number
  /** x, float32[d] */
  readonly params: Float32Array
  /** H, float32[d] */
  readonly hessian: Float32Array
  /** The hash of the rebuilt state. */
  readonly stateHash: string
  /** The hash that the run recorded after these rounds; undefined if it recorded none. */
  readonly recordedHash: string | undefined
}

/**
 * @param rounds how many of the log's; all of them if left out
 * @throws HisoError when the run, its data or its model can't be read
 */
export async function replayRun(
  host: EngineHost,
  folder: string,
  rounds = Infinity,
): Promise<Replay> {
  const run = await readRun(host, folder)
  const { worker } = await openWorker(run.config, host)
  const replayed = Math.min(rounds, run.log.rounds)
  try {
    await worker.apply(run.log.slice(0, replayed))
    return {
      rounds: replayed,
      params: await worker.params(),
      hessian: await worker.hessian(),
      stateHash: await worker.stateHash(),
      recordedHash: run.record.rounds === replayed ? run.record.stateHash : undefined,
    }
  } finally {
    await worker.close()
  }
}

/**
 * The trained model of a run as a standalone ONNX file, LoRA's matrices merged into the weights
 * beside which they stood; it takes raw values and scales them itself.
 * @param isBare leaves the scaling out of the graph
 * @throws HisoError MODEL_UNSUPPORTED for a task without a model; RUN_… and as
 *   `rebuildTrainedModel`
 */
export async function exportModel(
  host: EngineHost,
  folder: string,
  isBare = false,
): Promise<Uint8Array> {
  const model = await rebuildTrainedModel(host, await readRun(host, folder), folder)
  const [bytes] = (await model.files('onnx', { isBare })).values()
  return bytes!
}
