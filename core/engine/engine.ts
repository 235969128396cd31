/**
 * The engine as its faces see it: answers the requests of protocol.ts and emits events of the runs
 * that it plays. It does not know how requests arrive; a process puts a port in front of it.
 */
import { HisoError } from '../base/index.ts'
import { parseRunConfig, setValues, type RunConfig } from '../config/index.ts'
import { Cancellation, type DownloadProgress } from '../hub/index.ts'
import { newRunFolder, readStoredModel, recallLibrary, writeNotes } from '../runs/index.ts'
import { listBundledLanguage } from '../tasks/index.ts'
import { snapshotOf } from './after/history.ts'
import { forgetStates } from './after/storedTrail.ts'
import { downloadFromHub } from './before/hubDownload.ts'
import type { Downloaded, DownloadRequest } from './protocol/download.ts'
import type { EngineHost } from './engineHost.ts'
import { curvatureCsv } from './lab/curvatureCsv.ts'
import { extendRun, forkedRun } from './play/reuse.ts'
import { Run } from './play/run.ts'
import { keepStates } from './play/stateKeeper.ts'
import type {
  EngineAnswer,
  EngineArgument,
  EngineEvent,
  EngineRequestName,
  LibraryListing,
  LiveHessian,
  RunAction,
  RunDetail,
  RunListing,
} from './protocol/protocol.ts'
import { inviteTo, servedBefore, serveRun } from './deploy/serveRun.ts'
import { inQuarantine } from './quarantine.ts'
import { Searches } from './tune/searches.ts'
import { openViews, type View } from './views.ts'

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
  /** Folders that runs are about to make. */
  readonly #claimed = new Set<string>()
  readonly #view: View
  readonly #handlers: Handlers
  /** Downloads in progress, by kind and id. */
  readonly #downloads = new Map<string, Cancellation>()

  /**
   * @param emit receives what happens in every run that this engine plays, and how far its
   *   downloads are
   */
  constructor(host: EngineHost, emit: (event: EngineEvent) => void) {
    this.#host = host
    this.#emit = emit
    const ask = inQuarantine(host)
    const isPlaying = () => [...this.#live.values()].some((run) => run.isPlaying)
    const view = openViews(host, emit, isPlaying)
    const searches = new Searches(host, emit)
    this.#view = view
    this.#handlers = {
      describeMachine: () => ({
        cores: host.cores,
        memoryBytes: host.memoryBytes,
        environment: host.environment,
      }),
      previewDataset: (of, cancellation) => ask('previewDataset', of, cancellation),
      recogniseFile: (of, cancellation) => ask('recogniseFile', of, cancellation),
      previewSplit: (of, cancellation) => ask('previewSplit', of, cancellation),
      previewModel: (of, cancellation) => ask('previewModel', of, cancellation),
      previewText: (of, cancellation) => ask('previewText', of, cancellation),
      listBundledLanguage: () => listBundledLanguage(host),
      estimateRun: (of, cancellation) => ask('estimateRun', of, cancellation),
      startRun: async ({ config, library, isPaused = false }) => {
        const run = await this.#inNewFolder(library, config, (folder) =>
          Run.start(host, config, folder),
        )
        if (isPaused) run.pause()
        return this.#play(run)
      },
      resumeRun: async ({ folder }) => {
        const served = await servedBefore(host, folder)
        return this.#play(
          await (served === undefined
            ? Run.resume(host, folder)
            : serveRun(host, folder, undefined, served)),
        )
      },
      inviteClients: ({ config, library, names }) =>
        this.#inNewFolder(library, config, async (folder) => {
          const { invitations } = await inviteTo(host, folder, config, names)
          return { folder, invitations }
        }),
      serveRun: async ({ config, library, broker, folder: invited }) => {
        const credentials = invited && host.files.join(invited, 'invitations', 'server.yaml')
        const serve = (folder: string) => serveRun(host, folder, config, { broker, credentials })
        const run =
          invited === undefined
            ? await this.#inNewFolder(library, config, serve)
            : await serve(invited)
        return this.#play(run)
      },
      extendRun: async ({ folder, more }) => this.#play(await extendRun(host, folder, more)),
      forkRun: async ({ folder: from, rounds, changes, library }) => {
        const { config } = await readStoredModel(host, from)
        const configure = (before: RunConfig) => withChanges(before, changes)
        const run = await this.#inNewFolder(library, config, (to) =>
          forkedRun(host, { from, to, rounds, configure }),
        )
        return this.#play(run)
      },
      controlRun: ({ folder, action }) => control(this.#liveRun(folder), action),
      changeSetting: ({ folder, setting, value }) => this.#liveRun(folder).change(setting, value),
      tune: (asked) => searches.play(asked),
      readTuning: (asked) => searches.read(asked),
      cancelTuning: () => searches.cancel(),
      recallRuns: ({ library }) => recallLibrary(host, library),
      listRuns: (of) => this.#list(of),
      readRun: ({ folder }) => this.#read(folder),
      annotateRun: ({ folder, notes }) => writeNotes(host.files, folder, notes),
      forgetRun: ({ folder }) => forgetStates(host, folder),
      inspectRound: (of) => view('inspectRound', of),
      readWalk: (of) => view('readWalk', of),
      readDirection: (of) => view('readDirection', of),
      readMinibatch: (of) => view('readMinibatch', of),
      tracePlane: (of) => view('tracePlane', of),
      traceSlice: (of) => view('traceSlice', of),
      cancelSlice: (of) => view('cancelSlice', of),
      readScalars: (of) => view('readScalars', of),
      readHessian: (of) => view('readHessian', of),
      readLiveHessian: ({ folder }) => this.#readLiveHessian(folder),
      readParticipation: (of) => view('readParticipation', of),
      readAttendees: (of) => view('readAttendees', of),
      readTimeline: (of) => view('readTimeline', of),
      readCatchUpCost: (of) => view('readCatchUpCost', of),
      examineCurvature: (of) => view('examineCurvature', of),
      cancelCurvature: (of) => view('cancelCurvature', of),
      exportCurvature: ({ report }) => new TextEncoder().encode(curvatureCsv(report)),
      importRun: async (of, cancellation) => {
        // Whatever is wrong with it shows there first.
        await ask('describeRunFile', { path: of.path }, cancellation)
        return view('importRun', of)
      },
      importLessonRuns: (of) => view('importLessonRuns', of),
      exportRun: (of) => view('exportRun', of),
      describeTrial: (asked, cancellation) => ask('describeTrial', asked, cancellation),
      tryModel: (asked, cancellation) => ask('tryModel', asked, cancellation),
      describePicture: (of) => view('describePicture', of),
      tryPicture: (of) => view('tryPicture', of),
      describeRunFile: (of, cancellation) => ask('describeRunFile', of, cancellation),
      rebuildModel: (of) => view('rebuildModel', of),
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
    keepStates(this.#host, run)
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

  /** @param open makes the folder: until it has, no other run may choose the same */
  async #inNewFolder<Opened>(
    library: string,
    config: RunConfig,
    open: (folder: string) => Promise<Opened>,
  ): Promise<Opened> {
    const claim = (folder: string) => {
      const isFree = !this.#claimed.has(folder)
      this.#claimed.add(folder)
      return isFree
    }
    const folder = await newRunFolder(this.#host.files, library, config, claim)
    try {
      return await open(folder)
    } finally {
      this.#claimed.delete(folder)
    }
  }

  /** A run of this engine has its folder a moment before the folder is taken. */
  async #list(of: EngineArgument<'listRuns'>): Promise<LibraryListing> {
    const { runs, ...rest } = await this.#settled(() => this.#view('listRuns', of))
    return { ...rest, runs: runs.map((run) => this.#knowing(run)) }
  }

  async #read(folder: string): Promise<RunDetail> {
    return this.#knowing(await this.#settled(() => this.#view('readRun', { folder })))
  }

  /** What was read while a run came to its end may be of before it: it is read once more. */
  async #settled<Answer>(read: () => Promise<Answer>): Promise<Answer> {
    const live = [...this.#live.keys()]
    const answer = await read()
    return live.every((folder) => this.#live.has(folder)) ? answer : read()
  }

  #knowing<Listed extends RunListing>(run: Listed): Listed {
    return { ...run, isLive: run.isLive || this.#live.has(run.folder) }
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
