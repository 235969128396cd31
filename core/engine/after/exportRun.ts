/** What a run is given away as: its numbers, its trained model, or all of it in one file. */
import { assertNever } from '../../base/index.ts'
import { Server } from '../../federation/index.ts'
import {
  formatMetrics,
  messagesOf,
  packRun,
  plannedRounds,
  readRun,
  readStoredModel,
  readWholeRun,
  type StoredRun,
} from '../../runs/index.ts'
import type { EngineHost } from '../engineHost.ts'
import type { ExportFormat } from '../protocol/protocol.ts'
import { exportModel, verifyState } from './replay.ts'

export interface ExportOptions {
  /** Whether a run may hold fewer rounds than it has recorded. */
  readonly isPartial?: boolean
  /** Receives what a person should know of what was exported. */
  readonly notice?: (text: string) => void
}

/**
 * The bytes of an exported file: metrics as CSV, everything as JSON, the trained model, or the
 * whole run. The log decides: a run that has lost rounds is refused, and so is one whose log does
 * not give the state that it recorded.
 * @throws HisoError
 */
export async function exportRun(
  host: EngineHost,
  folder: string,
  format: ExportFormat,
  { isPartial = false, notice = () => {} }: ExportOptions = {},
): Promise<Uint8Array> {
  const read = isPartial ? readRun : readWholeRun
  switch (format) {
    case 'onnx':
    case 'bareOnnx':
      await tellUnfinished(host, folder, notice)
      return exportModel(host, folder, { isPartial, isBare: format === 'bareOnnx' })
    case 'hiso':
    case 'model': {
      const bytes = await packRun(host, folder, {
        what: format === 'hiso' ? 'run' : 'model',
        isPartial,
      })
      const obstacle = await verifyState(host, folder)
      if (obstacle !== undefined) notice(`The recorded state was not verified: ${obstacle.message}`)
      return bytes
    }
    case 'csv': {
      const { config, rows } = await read(host, folder)
      return new TextEncoder().encode(formatMetrics(config, rows))
    }
    case 'json':
      return new TextEncoder().encode(runJson(await read(host, folder)))
    default:
      return assertNever(format)
  }
}

/** The model of a run that was stopped, or failed, is not the one that its config promises. */
async function tellUnfinished(
  host: EngineHost,
  folder: string,
  notice: (text: string) => void,
): Promise<void> {
  const { config, log } = await readStoredModel(host, folder)
  const planned = plannedRounds(config, log)
  if (log.rounds < planned)
    notice(`The run has played ${log.rounds} of ${planned} rounds; this is its model after them.`)
}

function runJson({ config, record, rows, log }: StoredRun): string {
  const server = new Server(config, record.model.dim)
  server.restore(messagesOf(log))
  const { uplinkByClient, downlinkByClient } = server.ledger
  const clients = Array.from(uplinkByClient, (uplinkBytes, index) => ({
    client: index + 1,
    uplinkBytes,
    downlinkBytes: downlinkByClient[index],
  }))
  const messages = Array.from(messagesOf(log), plain)
  return `${JSON.stringify({ config, record, metrics: rows, clients, log: messages }, null, 2)}\n`
}

/** Typed arrays as lists. */
function plain(message: object): object {
  return Object.fromEntries(
    Object.entries(message).map(([key, value]) => [
      key,
      ArrayBuffer.isView(value) ? [...(value as Float32Array)] : value,
    ]),
  )
}
