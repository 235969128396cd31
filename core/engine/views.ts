/**
 * What views ask of stored runs, also of runs that go on: answered from their folders alone. The
 * host answers on a thread that plays none (`EngineHost.openViews`), so that no question costs a
 * run its pace.
 */
import {
  LibraryReader,
  messagesOf,
  metricColumns,
  plannedRounds,
  readNotes,
  readRun,
  RunFrames,
  unpackRun,
  withRounds,
  type MetricsRow,
} from '../runs/index.ts'
import { exportRun } from './after/exportRun.ts'
import { readHessian } from './after/history.ts'
import { readAttendees } from './after/attendees.ts'
import { readCatchUpCost } from './after/catchUpCost.ts'
import { unpackLessonRuns } from './after/lessonRuns.ts'
import { readTimeline } from './after/timeline.ts'
import { inspectRound, readParticipation } from './after/inspect.ts'
import { PictureTrials } from './after/pictureTrials.ts'
import { rebuildRunFile } from './after/runFileReport.ts'
import { RunWalks } from './after/runWalks.ts'
import { ScalarReader } from './after/scalars.ts'
import { traceSlice } from './after/slice/traceSlice.ts'
import { tracePlane } from './after/tracePlane.ts'
import type { AnswerViews, EngineHost } from './engineHost.ts'
import type { SliceOrder, SliceTrace } from './protocol/slice.ts'
import { examineCurvature, type CurvatureReport, type CurvatureSettings } from './lab/curvature.ts'
import type {
  EngineAnswer,
  EngineArgument,
  EngineEvent,
  EngineRequestName,
  LibraryListing,
  MetricSeries,
  RunDetail,
} from './protocol/protocol.ts'

type ViewName = Extract<
  EngineRequestName,
  | 'listRuns'
  | 'readRun'
  | 'inspectRound'
  | 'readWalk'
  | 'readDirection'
  | 'readMinibatch'
  | 'tracePlane'
  | 'traceSlice'
  | 'cancelSlice'
  | 'readScalars'
  | 'readHessian'
  | 'readParticipation'
  | 'readAttendees'
  | 'readTimeline'
  | 'readCatchUpCost'
  | 'examineCurvature'
  | 'cancelCurvature'
  | 'describePicture'
  | 'tryPicture'
  | 'importRun'
  | 'importLessonRuns'
  | 'exportRun'
  | 'rebuildModel'
>

type Answers = {
  readonly [Name in ViewName]: (
    argument: EngineArgument<Name>,
  ) => EngineAnswer<Name> | Promise<EngineAnswer<Name>>
}

export type View = <Name extends ViewName>(
  name: Name,
  argument: EngineArgument<Name>,
) => Promise<EngineAnswer<Name>>

/** People wait for these. Each is asked once, with a click, not again and again. */
const promptly: ReadonlySet<ViewName> = new Set([
  'listRuns',
  'readRun',
  'readWalk',
  'readDirection',
  'readMinibatch',
])

/** Pictures that follow a drag: while no run is played, none has to be spared. */
const promptlyAtRest: ReadonlySet<ViewName> = new Set(['tracePlane'])

/**
 * The host's views with the types of their questions.
 *
 * @param isPlaying whether runs are played now, which questions are to leave the machine to
 */
export function openViews(
  host: Pick<EngineHost, 'openViews'>,
  emit: (event: EngineEvent) => void,
  isPlaying: () => boolean,
): View {
  const emitted = (event: unknown) => emit(event as EngineEvent)
  const prompt = host.openViews(emitted, 'prompt')
  const patient = host.openViews(emitted, 'patient')
  const isPrompt = (name: ViewName) =>
    promptly.has(name) || (promptlyAtRest.has(name) && !isPlaying())
  return ((name, argument) => (isPrompt(name) ? prompt : patient)(name, argument)) as View
}

/** Answers in the calling thread: the host's own, or a test's. */
export function answerViews(host: EngineHost, emit: (event: unknown) => void): AnswerViews {
  const views = new RunViews(host, emit)
  return (name, argument) => views.request(name as ViewName, argument as never)
}

/** Long work in progress, by run. */
type CancellableWork = Map<string, { isCancelled: boolean }>

class RunViews {
  readonly #host: EngineHost
  readonly #emit: (event: EngineEvent) => void
  readonly #scalars = new Map<string, ScalarReader>()
  readonly #frames = new Map<string, RunFrames>()
  readonly #libraries: LibraryReader
  readonly #walks: RunWalks
  readonly #pictures: PictureTrials
  readonly #examinations: CancellableWork = new Map()
  readonly #slices: CancellableWork = new Map()
  readonly #answers: Answers

  /** @param emit receives how far the long ones of its answers are */
  constructor(host: EngineHost, emit: (event: EngineEvent) => void) {
    this.#host = host
    this.#emit = emit
    this.#walks = new RunWalks(host, (folder, share) =>
      emit({ folder, event: { type: 'walkProgressed', share } }),
    )
    this.#libraries = new LibraryReader(host)
    this.#pictures = new PictureTrials(host)
    this.#answers = {
      listRuns: (of) => this.#list(of),
      readRun: ({ folder }) => this.#read(folder),
      inspectRound: ({ folder, round }) =>
        inspectRound(host, folder, round, this.#framesOf(folder)),
      readWalk: ({ folder, round, client }) => this.#walks.walk(folder, round, client),
      readDirection: ({ folder, round, localStep, perturbation }) =>
        this.#walks.draw(folder, round, localStep, perturbation),
      readMinibatch: ({ folder, address }) => this.#walks.readMinibatch(folder, address),
      tracePlane: ({ config, folder }) => tracePlane(host, config, folder),
      traceSlice: (order) => this.#slice(order),
      cancelSlice: ({ folder }) => cancel(this.#slices, folder),
      readScalars: ({ folder, from, to }) => this.#scalarsOf(folder).read(from, to),
      readHessian: ({ folder, snapshots }) => readHessian(host, folder, snapshots),
      readParticipation: ({ folder, from, to }) => readParticipation(host, folder, from, to),
      readAttendees: ({ folder }) => readAttendees(host, folder),
      readTimeline: ({ folder, round }) => readTimeline(host, folder, round),
      readCatchUpCost: ({ folder, round }) => readCatchUpCost(host, folder, round),
      examineCurvature: ({ folder, settings }) => this.#examine(folder, settings),
      cancelCurvature: ({ folder }) => cancel(this.#examinations, folder),
      describePicture: ({ folder }) => this.#pictures.describe(folder),
      tryPicture: ({ folder, pixels }) => this.#pictures.ask(folder, pixels),
      importRun: async ({ path, library }) => ({
        folder: await unpackRun(host, await host.files.read(path), library, path),
      }),
      importLessonRuns: async ({ path, library }) => ({
        folders: await unpackLessonRuns(host, path, library),
      }),
      exportRun: ({ folder, format }) => exportRun(host, folder, format),
      rebuildModel: ({ form, ...mailed }) =>
        rebuildRunFile(mailed, form, host, (progress) => emit({ rebuilt: mailed.path, progress })),
    }
  }

  /** @param name a `ViewName` @throws HisoError */
  async request<Name extends ViewName>(
    name: Name,
    argument: EngineArgument<Name>,
  ): Promise<EngineAnswer<Name>> {
    const answer: Answers[Name] = this.#answers[name]
    return answer(argument)
  }

  async #list({ library, known }: EngineArgument<'listRuns'>): Promise<LibraryListing> {
    const { runs, ...reading } = await this.#libraries.read(library, known, (progress) =>
      this.#emit({ library, reading: progress }),
    )
    const listings = runs.map(async (run) => ({
      ...run,
      isLive: await this.#isTaken(run.folder, run.record.status),
    }))
    return { ...reading, runs: await Promise.all(listings) }
  }

  async #read(folder: string): Promise<RunDetail> {
    const run = await readRun(this.#host, folder)
    return {
      folder,
      config: withRounds(run.config, plannedRounds(run.config, run.log)),
      record: run.record,
      notes: (await readNotes(this.#host.files, folder)).notes,
      isLive: await this.#isTaken(folder, run.record.status),
      series: seriesOf(run.rows),
      changes: [...messagesOf(run.log)].flatMap((message) =>
        message.type === 'change' ? [message] : [],
      ),
    }
  }

  async #isTaken(folder: string, status: string): Promise<boolean> {
    return status === 'running' && (await this.#host.files.isTaken(folder))
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

  #examine(folder: string, settings: CurvatureSettings): Promise<CurvatureReport> {
    return this.#watched(this.#examinations, folder, (isCancelled) =>
      examineCurvature(this.#host, folder, settings, {
        progressed: (share) =>
          this.#emit({ folder, event: { type: 'curvatureProgressed', share } }),
        isCancelled,
      }),
    )
  }

  #slice(order: SliceOrder): Promise<SliceTrace | undefined> {
    const { folder } = order
    return this.#watched(this.#slices, folder, (isCancelled) =>
      traceSlice(this.#host, order, {
        progressed: (share) => this.#emit({ folder, event: { type: 'sliceProgressed', share } }),
        isCancelled,
      }),
    )
  }

  /** Work for a run that can be cancelled; later work for the same run takes its place. */
  async #watched<Result>(
    works: CancellableWork,
    folder: string,
    work: (isCancelled: () => boolean) => Promise<Result>,
  ): Promise<Result> {
    cancel(works, folder)
    const own = { isCancelled: false }
    works.set(folder, own)
    try {
      return await work(() => own.isCancelled)
    } finally {
      if (works.get(folder) === own) works.delete(folder)
    }
  }
}

function cancel(works: CancellableWork, folder: string): void {
  const work = works.get(folder)
  if (work !== undefined) work.isCancelled = true
}

function seriesOf(rows: readonly MetricsRow[]): MetricSeries {
  return Object.fromEntries(
    metricColumns.map((column) => [
      column,
      Float64Array.from(rows, (row) => row[column] ?? Number.NaN),
    ]),
  ) as unknown as MetricSeries
}
