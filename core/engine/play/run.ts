/**
 * A run in progress: plays rounds, writes its folder, emits events, and can be paused, stepped,
 * stopped and changed.
 */
import { HisoError, messageOf } from '../../base/index.ts'
import { factsOfTask, type RunConfig } from '../../config/index.ts'
import type { ReplicaSnapshot, Server } from '../../federation/index.ts'
import {
  closeRound,
  forecastNetwork,
  gatherRound,
  FederationStopped,
  sentVectorsOf,
  type GatheredRound,
  type RoundResult,
  type WorkerPool,
} from '../../federation/index.ts'
import type { RunWriter } from '../../runs/index.ts'
import type { ScalarLog } from '../../wire/index.ts'
import { type Quality, type RunRecord } from '../../runs/index.ts'
import { addContributions, type Contribution } from '../cluster/contributions.ts'
import { BetweenRounds } from './betweenRounds.ts'
import type { DeployedClients, Deployment } from './deployment.ts'
import type { EngineHost, WorkerReport } from '../engineHost.ts'
import type { RunEvent } from '../protocol/event.ts'
import type { OpenedWorkers } from './openWorkers.ts'
import { openNewRun, openStoredRun, type OpenedRun } from './openedRun.ts'
import { FolderWatch } from './folderWatch.ts'
import { cameOutDifferently } from './logAhead.ts'
import { PlayControl } from './playControl.ts'
import { Progress } from './progress.ts'
import { checkRecordedState } from './recordedState.ts'
import { checkDivergence, rowOf } from './roundRow.ts'
import { nothingMeasured, qualityOf, zeroShotTexts } from './quality.ts'
import { noLogAhead, type ResumeOptions, type SettingChange, type TakenUp } from './takenUp.ts'
import type { Notice } from '../protocol/notice.ts'

/** A live run's state, and the log that it follows from. */
interface TakenState {
  readonly snapshot: ReplicaSnapshot
  readonly log: ScalarLog
}

interface LearnedHessian {
  readonly rounds: number
  readonly hessian: Float32Array
  readonly tookMs: number
}

/** What can be changed while a run is played; more rounds come when it is taken up again. */
export type LiveSetting = Exclude<SettingChange['setting'], 'rounds'>

export type RunListener = (event: RunEvent) => void

/** How often a run says who works for it elsewhere. */
const machinesEveryMs = 1000

export class Run {
  readonly #host: EngineHost
  readonly #config: RunConfig
  readonly #writer: RunWriter
  readonly #server: Server
  readonly #pool: WorkerPool
  readonly #workers: OpenedWorkers
  readonly #report: WorkerReport
  readonly #listeners = new Set<RunListener>()
  readonly #progress: Progress
  readonly #resumedAt: number
  #record: RunRecord
  #pending: SettingChange[]
  readonly #control = new PlayControl()
  readonly #questions = new BetweenRounds()
  readonly #folder: FolderWatch
  #machinesReportedAt = -Infinity
  /** In earlier sittings. */
  readonly #computedBefore: readonly Contribution[]
  /** Said before anybody could listen. */
  readonly #earlyNotices: Notice[]
  #elapsedMs: number
  readonly #taken: TakenUp | undefined
  readonly #clients: DeployedClients | undefined
  /** The next round, on which its participants already work. */
  #ahead: Promise<GatheredRound> | undefined

  private constructor(host: EngineHost, opened: OpenedRun) {
    this.#host = host
    this.#config = opened.config
    this.#pending = [...opened.changes]
    this.#writer = opened.writer
    this.#folder = new FolderWatch(host, opened.writer.path)
    this.#server = opened.server
    this.#workers = opened.workers
    this.#pool = opened.workers.pool
    this.#report = opened.workers.report
    this.#workers.onDeath = (worker, error) => this.#noticeDeath(worker, error)
    this.#workers.onCrewChange = () => this.#reportMachines(true)
    this.#workers.onNotice = (text, isInformation) => this.#notice(text, isInformation)
    this.#earlyNotices = this.#workers.earlyNotices
    this.#record = opened.record
    this.#computedBefore = opened.record.computedBy ?? []
    this.#progress = new Progress(opened.rows)
    this.#resumedAt = opened.rows.length
    this.#elapsedMs = opened.rows.at(-1)?.elapsedMs ?? 0
    this.#taken = opened.taken
    this.#clients = opened.deployment?.({
      server: opened.server,
      report: this.#report,
      sentVectors: () => this.#workers.pool.first(sentVectorsOf),
      onNotice: (text, isInformation) => this.#notice(text, isInformation),
    })
  }

  /**
   * Opens a new run; creates its folder only after everything that the config names could be
   * opened.
   * @throws HisoError
   */
  static async start(
    host: EngineHost,
    config: RunConfig,
    folder: string,
    deployment?: Deployment,
  ): Promise<Run> {
    return new Run(host, await openNewRun(host, config, folder, deployment))
  }

  /**
   * Takes up an interrupted or stopped run where its log ends. Where other files end before it, the
   * rounds between are played again first. A finished run whose files are whole is only checked,
   * unless it is to have more rounds.
   * @throws HisoError RUN_CHANGED, before anything is written, for files that are not of one run;
   *   CONFIG_INVALID for fewer rounds than it has
   */
  static async resume(host: EngineHost, folder: string, options: ResumeOptions = {}): Promise<Run> {
    return new Run(host, await openStoredRun(host, folder, options))
  }

  get folder(): string {
    return this.#writer.path
  }

  /** Completed rounds. */
  get rounds(): number {
    return this.#progress.rounds
  }

  /** Whether it is neither paused nor about to stop. */
  get isPlaying(): boolean {
    return this.#control.isPlaying
  }

  listen(listener: RunListener): void {
    this.#listeners.add(listener)
  }

  /**
   * Plays the remaining rounds. @returns the record of its end; a failure is in the record, not
   * thrown
   */
  async play(): Promise<RunRecord> {
    this.#emit({
      type: 'opened',
      folder: this.#writer.path,
      config: this.#config,
      record: this.#record,
      resumedAt: this.#resumedAt,
      workers: this.#pool.size,
      network: forecastNetwork(this.#config, this.#record.model.dim),
    })
    const early = this.#earlyNotices.splice(0)
    const { information = [], notices } = this.#record
    for (const text of information) this.#emit({ type: 'noticed', text, isInformation: true })
    for (const text of notices) this.#emit({ type: 'noticed', text })
    for (const notice of early) this.#emit({ type: 'noticed', ...notice })
    try {
      if (this.#taken?.isWhole === true) return this.#record
      await this.#evaluateStart()
      while (this.rounds < this.#config.federation.rounds) {
        await this.#control.untilWanted(this.#questions, (type) =>
          this.#emit({ type, rounds: this.rounds }),
        )
        if (this.#control.isStopping) break
        try {
          await this.#playRound()
        } catch (error) {
          if (error instanceof FederationStopped && this.#control.isStopping) break
          throw error
        }
        this.#reportMachines()
        await this.#folder.look()
        await this.#questions.answer()
        await this.#host.breathe()
      }
      this.#reportMachines(true)
      await this.#end(this.rounds < this.#config.federation.rounds ? 'stopped' : 'finished')
    } catch (error) {
      await this.#fail(error)
    } finally {
      this.#questions.close()
      await this.#clients?.close(this.#record.status !== 'stopped')
      await this.#dropAhead()
      await this.#workers.close()
      await this.#writer.close()
      this.#emit({ type: 'ended', record: this.#record })
    }
    return this.#record
  }

  /** Pauses after the round in progress. */
  pause(): void {
    this.#control.pause()
  }

  /** Plays one more round of a paused run. */
  step(): void {
    this.#control.step()
  }

  /** Continues after a pause. */
  continue(): void {
    this.#control.continue()
  }

  /** Stops after the round in progress; the run can be resumed. */
  stop(): void {
    this.#control.stop()
    this.#clients?.stop()
  }

  /**
   * H after the newest round, float32[d], and the time that this request took from the run;
   * undefined if the run ends first.
   */
  hessian(): Promise<LearnedHessian | undefined> {
    const answer = this.#questions.ask(async () => {
      const started = this.#host.now()
      const hessian = await this.#pool.first((worker) => worker.hessian())
      return { rounds: this.rounds, hessian, tookMs: this.#host.now() - started }
    })
    this.#control.wake()
    return answer
  }

  /** The state after the newest round; undefined if the run ends first. */
  snapshot(): Promise<TakenState | undefined> {
    const answer = this.#questions.ask(async () => {
      const snapshot = await this.#pool.first((worker) => worker.snapshot())
      const { log } = this.#server
      // A change may stand behind the last round.
      const isWhole = snapshot !== undefined && log.bytesSince(snapshot.rounds) === 0
      return isWhole ? { snapshot, log } : undefined
    })
    this.#control.wake()
    return answer
  }

  /** Gives a setting another value from the next round on. */
  change(setting: LiveSetting, value: number): void {
    this.#pending.push({ setting, value })
  }

  async #playRound(): Promise<void> {
    const started = this.#host.now()
    await this.#applyChanges()
    const gathered = await (this.#ahead ?? this.#gather())
    this.#ahead = undefined
    const result = await closeRound({ server: this.#server, pool: this.#pool }, gathered)
    checkDivergence(result, this.#progress.firstTrainLoss, this.#server.exchange.method)
    const quality = await this.#evaluate(result.round)
    this.#elapsedMs += this.#host.now() - started
    const row = rowOf(result, quality, {
      server: this.#server,
      elapsedMs: this.#elapsedMs,
      passesBefore: this.#progress.last?.cumulativeForwardPasses ?? 0,
    })
    const isInLog = await this.#compareWithLog(result)
    this.#writer.appendAttendance(result.round, result.attendance)
    this.#writer.appendReplies(result.replies)
    if (!isInLog) this.#writer.appendLog(result.entry)
    this.#writer.appendRow(row)
    this.#progress.add(row)
    this.#emit({ type: 'roundCompleted', row })
    if (this.#taken !== undefined)
      await checkRecordedState(this.#taken.recorded, this.#pool, this.rounds, this.folder)
  }

  /** @returns whether the log holds the round already @throws HisoError RUN_CHANGED */
  async #compareWithLog({ round, entry }: RoundResult): Promise<boolean> {
    const { logAhead, mayDropRounds } = this.#taken ?? noLogAhead
    if (logAhead.isEmpty) return false
    if (logAhead.take(entry)) return true
    if (!mayDropRounds) throw cameOutDifferently(this.folder, round)
    logAhead.discard()
    await this.#writer.cutLog(this.#server.log.bytes.length - entry.length)
    return false
  }

  #gather(): Promise<GatheredRound> {
    return gatherRound({
      server: this.#server,
      pool: this.#pool,
      batchesPerCall: this.#report.batchesPerCall,
      pointsPerCall: this.#report.pointsPerCall,
      clients: this.#clients,
    })
  }

  /**
   * Lets workers that an evaluation leaves idle begin the next round. It becomes part of the run
   * only if it would have been played in the same way: a run that stops, or is changed, discards
   * it.
   */
  #gatherAhead(round: number): void {
    const isWanted = round < this.#config.federation.rounds && this.#control.isPlaying
    if (!isWanted || this.#pending.length > 0 || this.#pool.size === 1) return
    if (this.#clients !== undefined) return
    this.#ahead = this.#gather()
    // The caller that awaits it gets the failure.
    this.#ahead.catch(() => {})
  }

  /** Waits for the speculative round, then discards it. */
  async #dropAhead(): Promise<void> {
    await this.#ahead?.catch(() => {})
    this.#ahead = undefined
  }

  async #applyChanges(): Promise<void> {
    const { logAhead } = this.#taken ?? noLogAhead
    const inLog = logAhead.takeChanges()
    if (inLog.length + this.#pending.length > 0) await this.#dropAhead()
    for (const { setting, value } of inLog) this.#server.change(setting, value)
    if (inLog.length + this.#pending.length > 0)
      this.#record = { ...this.#record, hasChanges: true }
    // What is asked for now comes behind what the log holds.
    if (!logAhead.isEmpty) return
    for (const { setting, value } of this.#pending.splice(0)) {
      const frame = this.#server.change(setting, value)
      if (frame === undefined) continue
      this.#writer.appendLog(frame)
      // Rounds can be played again; what a person has asked for is in the log alone.
      await this.#writer.syncLog()
      this.#emit({ type: 'settingChanged', setting, value, fromRound: this.rounds + 1 })
    }
  }

  async #evaluate(round: number): Promise<Quality> {
    const { evaluation, federation } = this.#config
    const due = (round + 1) % evaluation.every === 0 || round + 1 === federation.rounds
    if (!due) return nothingMeasured
    const quality = this.#quality()
    this.#gatherAhead(round + 1)
    return quality
  }

  /** What a pre-trained model can do before any round, for comparison. */
  async #evaluateStart(): Promise<void> {
    if (!factsOfTask(this.#config.task).isPretrained || this.rounds > 0) return
    const initial = await this.#quality()
    this.#record = { ...this.#record, initial }
    await this.#writeRecord()
    this.#emit({ type: 'startEvaluated', initial })
    for (const text of zeroShotTexts(initial))
      this.#emit({ type: 'noticed', text, isInformation: true })
  }

  async #quality(): Promise<Quality> {
    const { evaluation } = this.#config
    const samples = Math.min(evaluation.samples, this.#report.testSamples)
    return qualityOf(await this.#pool.evaluate(samples))
  }

  async #end(status: 'finished' | 'stopped'): Promise<void> {
    await this.#dropAhead()
    const stateHash = await this.#pool.first((worker) => worker.stateHash())
    for (const text of this.#progress.notices) this.#keepNotice(text)
    this.#record = { ...this.#summary(), status, stateHash }
    await this.#writeRecord()
  }

  async #fail(error: unknown): Promise<void> {
    const code = error instanceof HisoError ? error.code : 'UNEXPECTED'
    this.#record = {
      ...this.#summary(),
      status: 'failed',
      error: { code, message: messageOf(error) },
    }
    try {
      await this.#writeRecord()
    } catch (writeError) {
      this.#emit({
        type: 'noticed',
        text: `run.json could not be updated: ${messageOf(writeError)}`,
      })
    }
  }

  /** What a finished run has recorded is never written again: its files were made whole. */
  async #writeRecord(): Promise<void> {
    if (this.#taken?.isSealed === true) return
    await this.#writer.writeRecord(this.#record)
  }

  #summary(): RunRecord {
    const { totals, latest } = this.#progress
    const { crew } = this.#workers
    const computedBy = crew && addContributions(this.#computedBefore, crew.contributions)
    return {
      ...this.#record,
      rounds: this.rounds,
      totals,
      latest,
      ...(computedBy !== undefined && { computedBy }),
    }
  }

  #noticeDeath(worker: number, { code, what }: HisoError): void {
    const isLost = code === 'PROVIDER_LOST'
    const text = isLost
      ? `From round ${this.#server.log.rounds + 1} on the CPU computes: ${what}. Nothing is lost; losses differ in their last digits.`
      : `Worker ${worker + 1} died; a new one was brought up to date from the log, and nothing is lost.`
    if (isLost) this.#keepNotice(text)
    this.#emit({ type: 'noticed', text })
  }

  #notice(text: string, isInformation = false): void {
    const notice = { text, isInformation }
    if (this.#listeners.size === 0) this.#earlyNotices.push(notice)
    else this.#emit({ type: 'noticed', ...notice })
  }

  /** For those who look at the run later, too. */
  #keepNotice(text: string): void {
    this.#record = { ...this.#record, notices: [...this.#record.notices, text] }
    this.#notice(text)
  }

  /** Who works elsewhere: when that changes, and from time to time. */
  #reportMachines(isChange = false): void {
    const { crew } = this.#workers
    if (crew === undefined) return
    const now = this.#host.now()
    if (!isChange && now - this.#machinesReportedAt < machinesEveryMs) return
    this.#machinesReportedAt = now
    const { machines, ownBatches } = crew
    this.#emit({ type: 'machinesReported', machines, ownBatches })
  }

  #emit(event: RunEvent): void {
    for (const listener of this.#listeners) listener(event)
  }
}
