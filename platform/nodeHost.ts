/** The engine's host on Node: everything that core/ may ask of a machine, in one object. */
import { randomUUID } from 'node:crypto'
import { availableParallelism, totalmem } from 'node:os'
import { performance } from 'node:perf_hooks'
import { setImmediate, setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { env } from 'onnxruntime-node'
import {
  answerQuestion,
  answerViews,
  type EngineHost,
  type QuestionName,
} from '../core/engine/index.ts'
import { openGraphRunner, openRunnerOnDevice } from './graphRunner.ts'
import { openInLayout, residencyNotices } from './layouts.ts'
import { openGradientSession } from './gradientSession.ts'
import { buildOf, createNodeCache, createStateCache } from './nodeCache.ts'
import { createNodeFiles } from './nodeFiles.ts'
import { createDigest, createNodeHub } from './nodeHub.ts'
import { natsCluster, openFederation, writeInvitations } from './nats/index.ts'
import { largestWorkerCount, resolveProvider } from './providers.ts'
import { createQuarantine, type StartReader } from './quarantine/index.ts'
import { startClientThread, startWorkerThread } from './threadWorker.ts'
import { startViews } from './views.ts'

export interface NodeHostOptions {
  /** The folder with bundled datasets and presets. */
  readonly resources: string
  /** The script that runs in a worker's thread (built from workerThread.ts). */
  readonly workerScript: string | URL
  /** The program's version. */
  readonly version: string
  /** Of the script that started this thread, which shares its caches; left out where none did. */
  readonly build?: string
  /**
   * Starts a process that reads foreign files; left out in such a process itself, and in workers.
   */
  readonly startReader?: StartReader
  /**
   * The script that answers views (built from viewsThread.ts); left out where the calling thread
   * is to answer them.
   */
  readonly viewsScript?: string | URL
  /** The file with what a broker asks for: HISO_CREDENTIALS if left out. */
  readonly credentials?: string
}

/**
 * Milliseconds for which a loop may keep its thread. A turn of the event loop can cost more than a
 * small round, most of all in Electron.
 */
const breathMs = 4

/** Gives others their turn when they have waited for long enough. */
function createBreath(): () => Promise<void> {
  let last = performance.now()
  return async () => {
    if (performance.now() - last < breathMs) return
    await setImmediate()
    last = performance.now()
  }
}

/** Addresses do not cross to another thread. */
const pathOf = (script: string | URL) => (script instanceof URL ? fileURLToPath(script) : script)

export function createNodeHost({
  resources,
  workerScript,
  version,
  build = buildOf(version),
  startReader,
  viewsScript,
  credentials = process.env['HISO_CREDENTIALS'] || undefined,
}: NodeHostOptions): EngineHost {
  const files = createNodeFiles(resources)
  const host: EngineHost = {
    files,
    cache: createNodeCache(build),
    states: createStateCache(build),
    quarantine:
      startReader === undefined
        ? {
            isElsewhere: false,
            ask: (name, question) => answerQuestion(name as QuestionName, question as never, host),
          }
        : createQuarantine(startReader),
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    residentBytes: () => process.memoryUsage.rss(),
    environment: {
      hiso: version,
      node: process.versions.node,
      onnxruntime: env.versions.common,
      platform: process.platform,
      arch: process.arch,
    },
    hub: createNodeHub(files),
    sha256: () => createDigest('sha256'),
    now: () => performance.now(),
    timestamp: () => new Date().toISOString(),
    breathe: createBreath(),
    largestWorkerCount,
    patience: {
      now: () => performance.now(),
      wait: (ms) => setTimeout(ms, undefined, { ref: false }),
    },
    openCluster: natsCluster(credentials),
    federation: {
      open: (address, own = credentials, events) => openFederation(address, own, events),
      invite: writeInvitations,
      newId: randomUUID,
    },
    openSession: async (graph, compute, residency = 'fed') => {
      const { provider, reason, notice } = await resolveProvider(compute.provider, graph, residency)
      const isChosen = compute.provider === 'auto'
      const opened = await openInLayout(graph, provider, compute.layout, residency)
      return {
        session: opened.session,
        provider,
        layout: opened.layout,
        information: [
          ...(isChosen ? [`Computing on ${provider}: ${reason}.`] : []),
          ...(opened.information ?? []),
        ],
        notices: [...(isChosen || notice === undefined ? [] : [notice]), ...opened.notices],
      }
    },
    openGradientSession: (graph) => openGradientSession(graph),
    openRunner: async (bytes, compute, resident) => {
      // Trying providers uses a classifier's batches; a language model runs on the configured
      // provider.
      const provider = compute.provider === 'auto' ? 'cpu' : compute.provider
      if (provider === 'cpu') return { runner: await openGraphRunner(bytes), provider, notices: [] }
      const { runner, obstacle } = await openRunnerOnDevice(bytes, provider, resident)
      return { runner, provider, ...residencyNotices(provider, obstacle) }
    },
    openViews: (emit, pace) =>
      viewsScript === undefined
        ? answerViews(host, emit)
        : startViews(
            viewsScript,
            { resources, workerScript: pathOf(workerScript), version, build, pace },
            emit,
          ),
    startWorker: (config, group) =>
      startWorkerThread(workerScript, { resources, version }, { config, group }),
    startClient: (welcome, places) =>
      startClientThread(workerScript, { resources, version }, { welcome, places }),
  }
  return host
}
