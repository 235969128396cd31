/**
 * What a face may ask the engine, and the events that it receives: one typed map of requests and
 * one type of event. All of it is plain data that structured clone accepts, so it crosses processes
 * and sockets alike. Rounds are zero-based here except in `MetricsRow.round`.
 */
import type { Attendees } from '../after/attendees.ts'
import type { RunConfig, TuningSettings } from '../../config/index.ts'
import type { DatasetPreview } from '../../data/index.ts'
import type { DownloadProgress } from '../../hub/index.ts'
import type {
  LibraryProgress,
  MetricColumn,
  RecalledLibrary,
  RunNotes,
  RunProblem,
  RunRecord,
} from '../../runs/index.ts'
import type { ChangeableSetting } from '../../wire/index.ts'
import type { CurvatureReport, CurvatureSettings } from '../lab/curvature.ts'
import type { Invitations } from '../deploy/ways.ts'
import type { RunEstimate, SplitPreview } from '../before/preview.ts'
import type { RecognisedFile } from '../before/recogniseFile.ts'
import type { HessianSnapshot } from '../after/history.ts'
import type { InspectedMessage, Participation } from '../after/inspect.ts'
import type { ScalarSpread } from '../after/scalars.ts'
import type { CatchUpCost } from '../after/catchUpCost.ts'
import type { RoundTimeline } from '../after/timeline.ts'
import type { LiveSetting } from '../play/run.ts'
import type { RunEvent } from './event.ts'
import type {
  BundledLanguage,
  MinibatchAddress,
  ModelForm,
  ModelPreview,
  ShownMinibatch,
  TextPreview,
} from '../../tasks/index.ts'
import type { PictureForm, PictureTrial } from './picture.ts'
import type { PlaneTrace } from './plane.ts'
import type { SliceOrder, SliceTrace } from './slice.ts'
import type { DrawnDirection, RoundWalk } from './walk.ts'
import type { MailedModel } from '../after/mailedModel.ts'
import type { RebuildProgress } from '../after/rebuildState.ts'
import type { RebuiltFile, RunFileReport } from '../after/runFileReport.ts'
import type { TrialSubject, Trial, TrialForm } from '../after/tryModel.ts'
import type { Downloaded, DownloadRequest } from './download.ts'
import type { Tuning } from '../tune/tune.ts'

export interface MachineReport {
  readonly cores: number
  readonly memoryBytes: number
  readonly environment: Readonly<Record<string, string | number>>
}

/** A run as lists show it. */
export interface RunListing {
  readonly folder: string
  readonly record: RunRecord
  readonly config: RunConfig
  /** Whether a process is playing it now: in this engine, or elsewhere. */
  readonly isLive: boolean
  readonly notes: RunNotes
}

/** What is in a library, and what of it can't be shown. */
export interface LibraryListing {
  /** Names this answer in later questions. */
  readonly revision: string
  readonly runs: readonly RunListing[]
  /** If there, `runs` are only those that have changed, and these folders hold no run any more. */
  readonly gone?: readonly string[]
  readonly problems: readonly RunProblem[]
}

/** Metrics by column; NaN for values that were not measured. */
export type MetricSeries = { readonly [Column in MetricColumn]: Float64Array }

export interface RunDetail extends RunListing {
  readonly series: MetricSeries
  /** Settings that changed during the run. */
  readonly changes: readonly {
    readonly round: number
    readonly setting: ChangeableSetting
    readonly value: number
  }[]
}

export interface LiveHessian {
  readonly snapshot: HessianSnapshot
  /** The time that this request took from the run. */
  readonly tookMs: number
}

/**
 * hiso: the whole run as one file; model: what its trained model can be rebuilt from, in the same
 * form.
 */
export type ExportFormat = 'csv' | 'json' | 'onnx' | 'bareOnnx' | 'hiso' | 'model'
export type RunAction = 'pause' | 'step' | 'continue' | 'stop'

/** A search of learning rates and numbers of directions. */
export interface TuningRequest {
  /** One per method. */
  readonly configs: readonly RunConfig[]
  readonly settings: TuningSettings
  /** The search lies in a folder inside it. */
  readonly library: string
}

/** Each request: its argument and its answer. */
export interface EngineRequests {
  describeMachine(): MachineReport
  previewDataset(task: { readonly config: RunConfig }): DatasetPreview
  /** What can be made of a file or folder. */
  recogniseFile(file: { readonly path: string }): RecognisedFile
  previewSplit(of: { readonly config: RunConfig }): SplitPreview
  previewModel(of: { readonly config: RunConfig }): ModelPreview
  /**
   * The first rows of a language task's texts as its template and tokenizer make them; `template`:
   * one that is being written.
   */
  previewText(of: { readonly config: RunConfig; readonly template?: string }): TextPreview
  /** What a language task can use without any file of the user's. */
  listBundledLanguage(): BundledLanguage
  estimateRun(of: { readonly config: RunConfig }): RunEstimate
  /**
   * Starts a run in a new folder inside `library`.
   * @param of `isPaused`: before its first round
   * @returns its folder
   */
  startRun(of: {
    readonly config: RunConfig
    readonly library: string
    readonly isPaused?: boolean
  }): { readonly folder: string }
  /** Goes on with a run; the server of a federation opens again. */
  resumeRun(of: { readonly folder: string }): { readonly folder: string }
  /**
   * Writes credentials for the clients of a federation that is to be served, in a new folder inside
   * `library`.
   */
  inviteClients(of: {
    readonly config: RunConfig
    readonly library: string
    readonly names: readonly string[]
  }): { readonly folder: string; readonly invitations: Invitations }
  /**
   * Opens the server of a federation.
   * @param of `folder`: where clients were invited; left out for a federation that everybody who
   *   reaches the broker may join
   * @returns its folder
   */
  serveRun(of: {
    readonly config: RunConfig
    readonly library: string
    readonly broker: string
    readonly folder?: string
  }): { readonly folder: string }
  /** Goes on with a run beyond its last round. @param of `more`: rounds to add */
  extendRun(of: { readonly folder: string; readonly more: number }): { readonly folder: string }
  /**
   * Starts a run that shares its first rounds with another, in a new folder inside `library`.
   * @param of `changes`: values from there on, by the paths of the config
   * @returns its folder
   */
  forkRun(of: {
    readonly folder: string
    readonly rounds: number
    readonly changes: Readonly<Record<string, unknown>>
    readonly library: string
  }): { readonly folder: string }
  controlRun(of: { readonly folder: string; readonly action: RunAction }): void
  changeSetting(of: {
    readonly folder: string
    readonly setting: LiveSetting
    readonly value: number
  }): void
  /**
   * Searches with equal effort for each config, from wherever the same search has stopped. Emits
   * `EventOfSearch`es meanwhile.
   */
  tune(of: TuningRequest): Tuning
  /** What there is of such a search, without playing any of it. */
  readTuning(of: TuningRequest): Tuning
  /** `tune` answers with what it knows. */
  cancelTuning(): void
  /**
   * What the index of a large library says, at once and unchecked; undefined without an index.
   * `listRuns` with its revision answers what is otherwise.
   */
  recallRuns(of: { readonly library: string }): RecalledLibrary | undefined
  /** Tells `EventOfLibrary`s meanwhile. */
  listRuns(of: {
    readonly library: string
    /** The revision that the asker has, of which it keeps what has not changed. */
    readonly known?: string
  }): LibraryListing
  readRun(of: { readonly folder: string }): RunDetail
  annotateRun(of: { readonly folder: string; readonly notes: RunNotes }): void
  /** Forgets what the machine's cache holds of a run that was deleted. */
  forgetRun(of: { readonly folder: string }): void
  inspectRound(of: { readonly folder: string; readonly round: number }): readonly InspectedMessage[]
  /** One finished round step by step, as one of its participants experienced it. */
  readWalk(of: {
    readonly folder: string
    readonly round: number
    readonly client?: number
  }): RoundWalk
  /** A direction of that round; undefined for methods whose clients draw none in common. */
  readDirection(of: {
    readonly folder: string
    readonly round: number
    readonly localStep: number
    readonly perturbation: number
  }): DrawnDirection | undefined
  /** What a client's minibatch holds; undefined for tasks without samples. */
  readMinibatch(of: {
    readonly folder: string
    readonly address: MinibatchAddress
  }): ShownMinibatch | undefined
  /** A run on a known quadratic in the plane of two coordinates; without a folder it is played. */
  tracePlane(of: { readonly config: RunConfig; readonly folder?: string }): PlaneTrace
  /**
   * The loss of any run over a plane; undefined if it was cancelled. A later request for the same
   * run cancels an earlier one. Emits `sliceProgressed`.
   */
  traceSlice(of: SliceOrder): SliceTrace | undefined
  cancelSlice(of: { readonly folder: string }): void
  readScalars(of: {
    readonly folder: string
    readonly from: number
    readonly to: number
  }): ScalarSpread
  readHessian(of: {
    readonly folder: string
    readonly snapshots: number
  }): readonly HessianSnapshot[]
  /** H after the newest round, from a worker that has it; undefined if nobody plays the run. */
  readLiveHessian(of: { readonly folder: string }): LiveHessian | undefined
  readParticipation(of: {
    readonly folder: string
    readonly from: number
    readonly to: number
  }): Participation
  /** The clients of a federation and how long rounds waited on each; undefined for a simulation. */
  readAttendees(of: { readonly folder: string }): Attendees | undefined
  /** One round on a simulated network; undefined without one. */
  readTimeline(of: { readonly folder: string; readonly round: number }): RoundTimeline | undefined
  /** What catching up costs at a round; undefined where nobody does. */
  readCatchUpCost(of: { readonly folder: string; readonly round: number }): CatchUpCost | undefined
  /**
   * Examines the learned H; a later request for the same run cancels an earlier one. Emits
   * `curvatureProgressed`.
   */
  examineCurvature(of: {
    readonly folder: string
    readonly settings: CurvatureSettings
  }): CurvatureReport
  /** The examination of this run answers with the rounds that it has finished. */
  cancelCurvature(of: { readonly folder: string }): void
  /** All figures of a report as CSV, one per row. */
  exportCurvature(of: { readonly report: CurvatureReport }): Uint8Array
  /** Unpacks a run file into a library. @returns the run's folder */
  importRun(of: { readonly path: string; readonly library: string }): { readonly folder: string }
  /** Unpacks the runs that came along in a lesson's file. @returns their folders, by name */
  importLessonRuns(of: { readonly path: string; readonly library: string }): {
    readonly folders: Readonly<Record<string, string>>
  }
  exportRun(of: { readonly folder: string; readonly format: ExportFormat }): Uint8Array
  /** What a run of a language model can be asked. */
  describeTrial(of: TrialSubject): TrialForm
  /** Asks its model before and after the run; `fields` by the names of the form. */
  tryModel(asked: {
    readonly of: TrialSubject
    readonly fields: Readonly<Record<string, string>>
  }): Trial
  /** What pictures a run's classifier can be asked about. */
  describePicture(of: { readonly folder: string }): PictureForm
  /** Asks it before and after the run. @param asked.pixels in [0, 1], row by row */
  tryPicture(asked: { readonly folder: string; readonly pixels: Float32Array }): PictureTrial
  /** What a run file holds, without unpacking it. */
  describeRunFile(of: { readonly path: string }): RunFileReport
  /** The trained model of a run file. Emits `EventOfRebuild`s meanwhile. */
  rebuildModel(of: MailedModel & { readonly form: ModelForm }): RebuiltFile
  /** Fetches a model or a dataset from the hub, and emits `EventOfDownload`s meanwhile. */
  downloadFromHub(of: DownloadRequest): Downloaded
  /** The download of this repository answers with what has arrived. */
  cancelDownload(of: DownloadName): void
}

export type EngineRequestName = keyof EngineRequests
export type EngineArgument<Name extends EngineRequestName> = Parameters<EngineRequests[Name]>[0]
export type EngineAnswer<Name extends EngineRequestName> = ReturnType<EngineRequests[Name]>

/** What happened in a run, and in which. */
export interface EventOfRun {
  readonly folder: string
  readonly event: RunEvent
}

/** The progress of a download. */
interface EventOfDownload {
  readonly download: DownloadName
  readonly progress: DownloadProgress
}

/** The progress of rebuilding the model of a run file. */
interface EventOfRebuild {
  /** The file's path. */
  readonly rebuilt: string
  readonly progress: RebuildProgress
}

/** The progress of reading a library. */
interface EventOfLibrary {
  readonly library: string
  readonly reading: LibraryProgress
}

/** The progress of the search in progress. */
interface EventOfSearch {
  /** Share of its rounds, 0 to 1. */
  readonly searched: number
  /** What is known, after a loss was measured. */
  readonly found?: Tuning
}

export type EngineEvent =
  EventOfRun | EventOfDownload | EventOfRebuild | EventOfLibrary | EventOfSearch

/** A repository on the hub: owner/name. */
export type DownloadName = Pick<DownloadRequest, 'kind' | 'id'>
