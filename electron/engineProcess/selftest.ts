/**
 * Three rounds of a small real run: bundled data, a real model on ONNX Runtime, a worker's thread,
 * a run folder. Then everything that comes with the program for language models is opened once, as
 * a run would.
 */
import { messageOf } from '../../core/base/index.ts'
import { runConfigSchema } from '../../core/config/index.ts'
import { Engine, Run, type EngineHost } from '../../core/engine/index.ts'
import type { SelftestReport } from '../ipc/enginePort.ts'

const selftestConfig = runConfigSchema.parse({
  name: 'Selftest',
  task: { kind: 'classification', dataset: 'mnist', model: 'mlp', hidden: [16] },
  federation: { clients: 4, participants: 2, rounds: 3, batchSize: 8 },
  method: { name: 'hiso' },
  evaluation: { every: 3, samples: 100 },
  compute: { workers: 1 },
})

export async function selftest(host: EngineHost, folder: string): Promise<SelftestReport> {
  const started = host.now()
  try {
    const run = await Run.start(host, selftestConfig, folder)
    const record = await run.play()
    const { uplinkBytes, downlinkBytes } = record.totals
    const { trainLoss } = record.latest
    const language = await openBundledLanguage(host)
    return {
      ok: record.status === 'finished' && record.rounds === 3,
      rounds: record.rounds,
      uplinkBytes,
      downlinkBytes,
      elapsedMs: Math.round(host.now() - started),
      environment: record.environment,
      language,
      ...(trainLoss === undefined ? {} : { trainLoss }),
      ...(record.stateHash === undefined ? {} : { stateHash: record.stateHash }),
      ...(record.error === undefined ? {} : { error: record.error.message }),
    }
  } catch (error) {
    return { ok: false, error: messageOf(error) }
  }
}

/** @returns its names @throws HisoError, or Error where nothing of a kind has come along */
async function openBundledLanguage(
  host: EngineHost,
): Promise<NonNullable<SelftestReport['language']>> {
  const engine = new Engine(host, () => {})
  const { models, texts } = await engine.request('listBundledLanguage', undefined)
  const model = models.find(({ isTrained }) => isTrained)
  const [text] = texts
  if (model === undefined || text === undefined)
    throw new Error('no language model or no texts came with the program')
  const { name: dataset, template } = text
  const task = { kind: 'language', model: model.name, dataset, template }
  const config = runConfigSchema.parse({ name: 'Selftest', task, method: { name: 'hiso' } })
  await engine.request('previewText', { config })
  const { dim } = await engine.request('previewModel', { config })
  return { model: model.name, dataset, template, dim }
}
