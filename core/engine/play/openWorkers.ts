/** What happens before the first round: opens workers, and records what they opened. */
import type { HisoError, Host } from '../../base/index.ts'
import { formatConfig, layouts, providers, type RunConfig } from '../../config/index.ts'
import { WorkerPool, type Server } from '../../federation/index.ts'
import { configFingerprint, runFormat, type RunRecord } from '../../runs/index.ts'
import type { EngineHost, OpenedWorker, WorkerReport } from '../engineHost.ts'
import { readForeign } from '../readForeign.ts'
import { Crew } from '../cluster/crew.ts'
import { probeWorker } from '../cluster/probe.ts'
import { openWorker, planWorkers } from './openWorker.ts'
import type { Notice, OnNotice } from '../protocol/notice.ts'

export interface OpenedWorkers {
  readonly pool: WorkerPool
  readonly report: WorkerReport
  /** The workers elsewhere; undefined without a cluster. */
  readonly crew?: Crew
  /** Receives the deaths of workers. */
  onDeath: (worker: number, error: HisoError) => void
  /** Receives what people should know of the workers elsewhere. */
  onNotice: OnNotice
  /** What they should know from before somebody listened. */
  readonly earlyNotices: Notice[]
  /** Receives that a worker elsewhere has come or gone. */
  onCrewChange: () => void
  /** Closes all workers, here and elsewhere. */
  close(): Promise<void>
}

/**
 * What a run does when its cluster can't be reached: a new one refuses, one to go on with waits.
 */
export type WithoutCluster = 'refuse' | 'notice'

/**
 * Opens the workers of a run, each brought up to the end of the server's log. @throws HisoError for
 * anything wrong with the task
 */
export async function openWorkers(
  host: EngineHost,
  config: RunConfig,
  server: Server,
  withoutCluster: WithoutCluster = 'refuse',
): Promise<OpenedWorkers> {
  await readForeign(host, config)
  const plan = planWorkers(config, host.cores)
  const start = (
    compute: RunConfig['compute'],
    worker: number,
    first?: WorkerReport,
  ): Promise<OpenedWorker> => {
    const own = { ...config, compute }
    const group = { workers: plan.count, workerIndex: worker, first }
    return plan.inline ? openWorker(own, host, group) : host.startWorker(own, group)
  }
  const first = await start(config.compute, 0)
  // All workers compute in the way that the first one has chosen: replicas must not depend on who
  // measures what.
  const {
    provider = config.compute.provider,
    layout = config.compute.layout,
    pass: probesPerPass = config.compute.probesPerPass,
  } = first.report
  const count =
    provider === 'auto' ? plan.count : Math.min(plan.count, host.largestWorkerCount(provider))
  const { cluster: address } = config.compute
  // Before the log is applied: all workers are probed at round 0.
  const ownClass =
    address === undefined
      ? ''
      : await probeWorker(first.worker, config, first.report, () => host.sha256())
  const waiting = [first.worker]
  let chosen: RunConfig['compute'] = { ...config.compute, provider, layout, probesPerPass }
  const spawn = async (worker: number, instead?: HisoError) => {
    // A device that is lost once may be lost again, at every round.
    if (instead?.code === 'PROVIDER_LOST') chosen = { ...chosen, provider: 'cpu', layout: 'plain' }
    return waiting.pop() ?? (await start(chosen, worker, first.report)).worker
  }
  const pool = new WorkerPool(
    spawn,
    count,
    () => server.log.since(0),
    (worker, error) => opened.onDeath(worker, error),
    first.report.state !== undefined,
    address === undefined ? undefined : host.patience,
  )
  const opened: OpenedWorkers = {
    report: first.report,
    pool,
    onDeath: () => {},
    onNotice: (text, isInformation = false) => opened.earlyNotices.push({ text, isInformation }),
    earlyNotices: [],
    onCrewChange: () => {},
    close: () => pool.close(),
  }
  try {
    await pool.catchUp()
    if (address === undefined) return opened
    const crew = new Crew({
      host,
      version: String(host.environment['hiso']),
      config: { ...config, compute: { ...config.compute, provider, layout, probesPerPass } },
      first: first.report,
      ownClass,
      pool,
      onNotice: (text, isInformation) => opened.onNotice(text, isInformation),
      onChange: () => opened.onCrewChange(),
    })
    const cluster = await host.openCluster(address, crew, withoutCluster === 'notice')
    const close = async () => {
      await crew.close()
      await pool.close()
      await cluster.close()
    }
    return Object.assign(opened, { crew, close })
  } catch (error) {
    await pool.close()
    throw error
  }
}

export function newRecord(
  config: RunConfig,
  { report, pool }: OpenedWorkers,
  host: Pick<Host, 'sha256' | 'timestamp'>,
): RunRecord {
  const { fingerprints, environment, information = [], notices, dim, trainables, inputs } = report
  return {
    format: runFormat,
    name: config.name,
    status: 'running',
    created: host.timestamp(),
    rounds: 0,
    fingerprints: { ...fingerprints, config: configFingerprint(formatConfig(config), host) },
    ...(inputs && { inputs: { ...inputs, classes: [...inputs.classes] } }),
    environment: { ...environment, workers: pool.size },
    model: { dim, trainables: trainables.map(({ name, shape }) => ({ name, shape: [...shape] })) },
    totals: { uplinkBytes: 0, downlinkBytes: 0, catchUpBytes: 0, forwardPasses: 0, elapsedMs: 0 },
    latest: {},
    ...(information.length > 0 && { information: [...information] }),
    notices: [...notices],
  }
}

/**
 * The config with the initial choice in place of `auto`: another provider or layout would give
 * other bits.
 */
export function withRecordedCompute(config: RunConfig, { environment }: RunRecord): RunConfig {
  const { compute } = config
  const provider = providers.find((name) => name === environment['provider']) ?? compute.provider
  // Versions that knew no other layout did not record it.
  const layout = layouts.find((name) => name === environment['layout']) ?? 'plain'
  // Nor did those that wrote every probe out.
  const pass = environment['pass']
  const probesPerPass = typeof pass === 'number' ? pass : 'single'
  return { ...config, compute: { ...compute, provider, layout, probesPerPass } }
}
