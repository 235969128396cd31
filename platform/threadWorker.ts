/** Workers of a run, and clients of a federation, in threads of their own. */
import type { ClientSeat, OpenedWorker, WorkerReport } from '../core/engine/index.ts'
import { callingWorker } from '../core/federation/index.ts'
import { startThread, type ClientPart, type ThreadData, type WorkerPart } from './thread.ts'

type Place = Omit<ThreadData, 'part'>

/** @throws HisoError of whatever is wrong with the task, WORKER_DIED */
export async function startWorkerThread(
  script: string | URL,
  place: Place,
  part: Omit<WorkerPart, 'kind'>,
): Promise<OpenedWorker> {
  const thread = await startThread(script, { ...place, part: { kind: 'worker', ...part } })
  const worker = callingWorker(thread.call, thread.close)
  return { worker, report: thread.report as WorkerReport }
}

/** @throws HisoError FEDERATION_MISMATCH, of whatever is wrong with the data, WORKER_DIED */
export async function startClientThread(
  script: string | URL,
  place: Place,
  part: Omit<ClientPart, 'kind'>,
): Promise<ClientSeat> {
  const { call, close } = await startThread(script, { ...place, part: { kind: 'client', ...part } })
  return {
    take: (bytes) => call('take', [bytes]) as ReturnType<ClientSeat['take']>,
    stateHash: () => call('stateHash') as Promise<string>,
    close,
  }
}
