/**
 * Rebuilds a stored run's model from its log alone, to verify it or to extract the trained model.
 */
import { HisoError } from '../../base/index.ts'
import { checkIsWhole, readStoredModel } from '../../runs/index.ts'
import { classesOf } from '../cluster/contributions.ts'
import type { EngineHost } from '../engineHost.ts'
import { readForeign } from '../readForeign.ts'
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
  /**
   * Classes of machines that computed it; with more than one, playing it again gives other bits.
   */
  readonly classes: number
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
  const run = await readStoredModel(host, folder)
  await readForeign(host, run.config)
  const { worker } = await openWorker(run.config, host)
  const replayed = Math.min(rounds, run.log.rounds)
  try {
    await worker.apply(run.log.slice(0, replayed))
    return {
      rounds: replayed,
      params: await worker.params(),
      hessian: await worker.hessian(),
      stateHash: await worker.stateHash(),
      // A log that has lost rounds does not give the recorded state.
      recordedHash:
        run.record.rounds === replayed || run.record.rounds > run.log.rounds
          ? run.record.stateHash
          : undefined,
      classes: classesOf(run.record),
    }
  } finally {
    await worker.close()
  }
}

/**
 * The trained model of a run as a standalone ONNX file, LoRA's matrices merged into the weights
 * beside which they stood; it takes raw values and scales them itself.
 * @param isBare leaves the scaling out of the graph
 * @param isPartial whether a run may hold fewer rounds than it has recorded
 * @throws HisoError MODEL_UNSUPPORTED for a task without a model; RUN_… and as
 *   `rebuildTrainedModel`
 */
export async function exportModel(
  host: EngineHost,
  folder: string,
  { isBare = false, isPartial = false }: { isBare?: boolean; isPartial?: boolean } = {},
): Promise<Uint8Array> {
  const run = await readStoredModel(host, folder)
  if (!isPartial) checkIsWhole(run, folder)
  const model = await rebuildTrainedModel(host, run, folder)
  const [bytes] = (await model.files('onnx', { isBare })).values()
  return bytes!
}

/**
 * Rebuilds the state that a run recorded, before its files are given away.
 * @returns why it could not be rebuilt here, where what the run began with is gone
 * @throws HisoError RUN_CHANGED where the log gives another state
 */
export async function verifyState(
  host: EngineHost,
  folder: string,
): Promise<HisoError | undefined> {
  const { record, log } = await readStoredModel(host, folder)
  if (record.stateHash === undefined || record.rounds !== log.rounds) return undefined
  let stateHash: string
  try {
    stateHash = (await replayRun(host, folder)).stateHash
  } catch (error) {
    if (error instanceof HisoError) return error
    throw error
  }
  if (stateHash === record.stateHash) return undefined
  throw new HisoError('RUN_CHANGED', {
    where: folder,
    what: `the log of ${log.rounds} rounds gives the state ${stateHash.slice(0, 12)}…, and the run recorded ${record.stateHash.slice(0, 12)}…`,
    remedy: 'Put back the file that belongs to this run, or play the run again',
  })
}
