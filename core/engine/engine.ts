/**
 * The engine as its faces see it: answers the requests of protocol.ts and emits events of the runs
 * that it plays. It does not know how requests arrive; a process puts a port in front of it.
 */
import { HisoError } from '../base/index.ts'
import { parseRunConfig, setValues, type RunConfig } from '../config/index.ts'
import { Cancellation, type DownloadProgress } from '../hub/index.ts'
import {
  listLibrary,
  metricColumns,
  newRunFolder,
  readNotes,
  readRun,
  readStoredModel,
  plannedRounds,
  RunFrames,
  unpackRun,
  withRounds,
  type LibraryMemory,
  writeNotes,
  messagesOf,
  type MetricsRow,
} from '../runs/index.ts'
import { examineCurvature, type CurvatureSettings, type CurvatureReport } from './lab/curvature.ts'
import { curvatureCsv } from './lab/curvatureCsv.ts'
import { listBundledLanguage } from '../tasks/index.ts'
import type { EngineHost } from './engineHost.ts'
import { readHessian, snapshotOf } from './after/history.ts'
import { ScalarReader } from './after/scalars.ts'
import { downloadFromHub, type Downloaded, type DownloadRequest } from './before/hubDownload.ts'
import { inspectRound, readParticipation } from './after/inspect.ts'
import type {
  EngineAnswer,
  EngineArgument,
  EngineEvent,
  EngineRequestName,
  LiveHessian,
  MetricSeries,
  RunAction,
  RunDetail,
  LibraryListing,
} from './protocol/protocol.ts'
import { exportRun } from './after/exportRun.ts'
import { extendRun, forkedRun } from './play/reuse.ts'
import { Run } from './play/run.ts'
import { inQuarantine } from './quarantine.ts'
import { rebuildRunFile } from './after/runFileReport.ts'
import { RunWalks } from './after/runWalks.ts'

type Handlers = {
  readonly [Name in EngineRequestName]: (
    argument: EngineArgument<Name>,
    cancellation: Cancellation | undefined,
  ) => EngineAnswer<Name> | Promise<EngineAnswer<Name>>
}

export class Engine {
  readonly #host: EngineHost
  readonly #emit: (event: EngineEvent) => void
  readonly #live = new Map<string, Run>()
  readonly #scalars = new Map<string, ScalarReader>()
  readonly #frames = new Map<string, RunFrames>()
  readonly #listed: LibraryMemory = new Map()
  readonly #walks: RunWalks
  readonly #handlers: Handlers
  /** Examinations in progress, by run. */
  readonly #examinations = new Map<string, { isCancelled: boolean }>()
  /** Downloads in progress, by kind and id. */
  readonly #downloads = new Map<string, Cancellation>()

  /**
   * @param emit receives what happens in every run that this engine plays, and how far its
   *   downloads are
   */
  constructor(host: EngineHost, emit: (event: EngineEvent) => void) {
    this.#host = host
    this.#emit = emit
    this.#walks = new RunWalks(host)
    const ask = inQuarantine(host)
    this.#handlers = {
      describeMachine: () => ({
        cores: host.cores,
        memoryBytes: host.memoryBytes,
        environment: host.environment,
      }),
      previewDataset: (of, cancellation) => ask('previewDataset', of, cancellation),
      holdsTexts: (of, cancellation) => ask('holdsTexts', of, cancellation),
      previewSplit: (of, cancellation) => ask('previewSplit', of, cancellation),
      previewModel: (of, cancellation) => ask('previewModel', of, cancellation),
      previewText: (of, cancellation) => ask('previewText', of, cancellation),
      listBundledLanguage: () => listBundledLanguage(host),
      estimateRun: (of, cancellation) => ask('estimateRun', of, cancellation),
      startRun: async ({ config, library, isPaused = false }) => {
        const folder = await newRunFolder(host.files, library, config)
        const run = await Run.start(host, config, folder)
        if (isPaused) run.pause()
        return this.#play(run)
      },
      resumeRun: async ({ folder }) => this.#play(await Run.resume(host, folder)),
      extendRun: async ({ folder, more }) => this.#play(await extendRun(host, folder, more)),
      forkRun: async ({ folder: from, rounds, changes, library }) => {
        const { config } = await readStoredModel(host, from)
        const to = await newRunFolder(host.files, library, config)
        const configure = (before: RunConfig) => withChanges(before, changes)
        return this.#play(await forkedRun(host, { from, to, rounds, configure }))
      },
      controlRun: ({ folder, action }) => control(this.#liveRun(folder), action),
      changeSetting: ({ folder, setting, value }) => this.#liveRun(folder).change(setting, value),
      listRuns: ({ library }) => this.#list(library),
      readRun: ({ folder }) => this.#read(folder),
      annotateRun: ({ folder, notes }) => writeNotes(host.files, folder, notes),
      inspectRound: ({ folder, round }) =>
        inspectRound(host, folder, round, this.#framesOf(folder)),
      readWalk: ({ folder, round, client }) => this.#walks.walk(folder, round, client),
      readDirection: ({ folder, round, localStep, perturbation }) =>
        this.#walks.draw(folder, round, localStep, perturbation),
      readMinibatch: ({ folder, address }) => this.#walks.readMinibatch(folder, address),
      readScalars: ({ folder, from, to }) => this.#scalarsOf(folder).read(from, to),
      readHessian: ({ folder, snapshots }) => readHessian(host, folder, snapshots),
      readLiveHessian: ({ folder }) => this.#readLiveHessian(folder),
      readParticipation: ({ folder, from, to }) => readParticipation(host, folder, from, to),
      examineCurvature: ({ folder, settings }) => this.#examine(folder, settings),
      cancelCurvature: ({ folder }) => this.#cancelExamination(folder),
      exportCurvature: ({ report }) => new TextEncoder().encode(curvatureCsv(report)),
      importRun: async ({ path, library }, cancellation) => {
        // Whatever is wrong with it shows there first.
        await ask('describeRunFile', { path }, cancellation)
        return { folder: await unpackRun(host, await host.files.read(path), library, path) }
      },
      exportRun: ({ folder, format }) => exportRun(host, folder, format),
      describeTrial: (asked, cancellation) => ask('describeTrial', asked, cancellation),
      tryModel: (asked, cancellation) => ask('tryModel', asked, cancellation),
      describeRunFile: (of, cancellation) => ask('describeRunFile', of, cancellation),
      rebuildModel: ({ form, ...mailed }) =>
        rebuildRunFile(mailed, form, host, (progress) => emit({ rebuilt: mailed.path, progress })),
      downloadFromHub: (request) => this.#download(request),
      cancelDownload: ({ kind, id }) => this.#downloads.get(`${kind} ${id}`)?.cancel(),
    }
  }

  /**
   * Answers a request.
   * @param cancellation gives up a question about files
   * @throws HisoError
   */
  async request<Name extends EngineRequestName>(
    name: Name,
    argument: EngineArgument<Name>,
    cancellation?: Cancellation,
  ): Promise<EngineAnswer<Name>> {
    if (!Object.hasOwn(this.#handlers, name)) throw new Error(`the engine knows no request ${name}`)
    const handler = this.#handlers[name]
    return handler(argument, cancellation)
  }

  /** Folders of the runs in progress. */
  get liveRuns(): readonly string[] {
    return [...this.#live.keys()]
  }

  #play(run: Run): { readonly folder: string } {
    const { folder } = run
    this.#live.set(folder, run)
    run.listen((event) => this.#emit({ folder, event }))
    void run.play().finally(() => this.#live.delete(folder))
    return { folder }
  }

  async #readLiveHessian(folder: string): Promise<LiveHessian | undefined> {
    const learned = await this.#live.get(folder)?.hessian()
    if (learned === undefined) return undefined
    const started = this.#host.now()
    const snapshot = snapshotOf(learned)
    return { snapshot, tookMs: learned.tookMs + this.#host.now() - started }
  }

  #liveRun(folder: string): Run {
    const run = this.#live.get(folder)
    if (run !== undefined) return run
    throw new HisoError('RUN_NOT_FOUND', {
      where: folder,
      what: 'this run is not in progress',
      remedy: 'Resume it first',
    })
  }

  async #examine(folder: string, settings: CurvatureSettings): Promise<CurvatureReport> {
    this.#cancelExamination(folder)
    const own = { isCancelled: false }
    this.#examinations.set(folder, own)
    try {
      return await examineCurvature(this.#host, folder, settings, {
        progressed: (share) =>
          this.#emit({ folder, event: { type: 'curvatureProgressed', share } }),
        isCancelled: () => own.isCancelled,
      })
    } finally {
      if (this.#examinations.get(folder) === own) this.#examinations.delete(folder)
    }
  }

  #cancelExamination(folder: string): void {
    const examination = this.#examinations.get(folder)
    if (examination !== undefined) examination.isCancelled = true
  }

  async #download(request: DownloadRequest): Promise<Downloaded> {
    const { kind, id } = request
    const name = `${kind} ${id}`
    const cancellation = new Cancellation()
    // The first one's lock will refuse a second one for the same thing, so it must not take its
    // place here.
    const isFirst = !this.#downloads.has(name)
    if (isFirst) this.#downloads.set(name, cancellation)
    try {
      const progressed = (progress: DownloadProgress) =>
        this.#emit({ download: { kind, id }, progress })
      return await downloadFromHub(request, this.#host, { progressed, cancellation })
    } finally {
      if (isFirst) this.#downloads.delete(name)
    }
  }

  async #list(library: string): Promise<LibraryListing> {
    const { runs, problems } = await listLibrary(this.#host, library, this.#listed, (reading) =>
      this.#emit({ library, reading }),
    )
    const listings = runs.map(async (run) => ({
      ...run,
      isLive: await this.#isLive(run.folder, run.record.status),
    }))
    return { runs: await Promise.all(listings), problems }
  }

  /** One reader per run: windows ask for new replies again and again. */
  #scalarsOf(folder: string): ScalarReader {
    const reader = this.#scalars.get(folder) ?? new ScalarReader(this.#host, folder)
    this.#scalars.set(folder, reader)
    return reader
  }

  #framesOf(folder: string): RunFrames {
    const frames = this.#frames.get(folder) ?? new RunFrames(this.#host, folder)
    this.#frames.set(folder, frames)
    return frames
  }

  async #read(folder: string): Promise<RunDetail> {
    const run = await readRun(this.#host, folder)
    return {
      folder,
      config: withRounds(run.config, plannedRounds(run.config, run.log)),
      record: run.record,
      notes: (await readNotes(this.#host.files, folder)).notes,
      isLive: await this.#isLive(folder, run.record.status),
      series: seriesOf(run.rows),
      changes: [...messagesOf(run.log)].flatMap((message) =>
        message.type === 'change' ? [message] : [],
      ),
    }
  }

  async #isLive(folder: string, status: string): Promise<boolean> {
    return (
      this.#live.has(folder) || (status === 'running' && (await this.#host.files.isTaken(folder)))
    )
  }
}

function withChanges(config: RunConfig, changes: Readonly<Record<string, unknown>>): RunConfig {
  const assignments = Object.entries(changes).map(([path, value]) => {
    return { keys: path.split('.'), value, written: path }
  })
  return parseRunConfig(setValues(config, assignments), 'fork')
}

function control(run: Run, action: RunAction): void {
  run[action]()
}

function seriesOf(rows: readonly MetricsRow[]): MetricSeries {
  return Object.fromEntries(
    metricColumns.map((column) => [
      column,
      Float64Array.from(rows, (row) => row[column] ?? Number.NaN),
    ]),
  ) as unknown as MetricSeries
}
