/**
 * Walks through rounds of stored runs: plays the round again with a witness, and shows its
 * directions. Keeps the worker of the last run open and the rounds around the last one, so that a
 * round further or back is quick.
 */
import { HisoError } from '../../base/index.ts'
import type { RunConfig } from '../../config/index.ts'
import {
  drawDirection,
  snapshotBytes,
  type OwnWorker,
  type PassSize,
  type RoundWorker,
} from '../../federation/index.ts'
import { createKernels } from '../../kernels/index.ts'
import { createMethod, movesVectors, type TensorShape } from '../../methods/index.ts'
import { readReplies, readRunConfig, readStoredModel, type StoredModel } from '../../runs/index.ts'
import {
  taskOf,
  type MinibatchAddress,
  type ShownMinibatch,
  type TaskFingerprints,
} from '../../tasks/index.ts'
import { createLogWorker, recordRound, stepsOf, type RoundRecord } from '../../walk/index.ts'
import { decode, modelFrameBytes, type Answer, type ScalarLog } from '../../wire/index.ts'
import { readForeign } from '../readForeign.ts'
import type { EngineHost } from '../engineHost.ts'
import { openWorker } from '../play/openWorker.ts'
import type { DrawnDirection, RoundWalk, WalkedParticipant } from '../protocol/walk.ts'
import { openReplica } from './rebuildState.ts'
import { SnapshotTrail } from './snapshotTrail.ts'
import { StoredTrail } from './storedTrail.ts'
import { sampleTensor, samplePositions } from './tensorSample.ts'

/** A run whose worker is open. */
interface OpenedWalk extends PassSize {
  readonly folder: string
  /** When the run was: another one may have taken the folder since. */
  readonly created: string
  readonly config: RunConfig
  readonly worker: RoundWorker & Partial<OwnWorker>
  readonly tensors: readonly TensorShape[]
  /** Rounds that the worker has applied. */
  rounds: number
  /** Why there is neither model nor data, if so: then only the log is walked. */
  readonly missing: string | undefined
  /** Rounds that were walked, the latest last. */
  readonly records: Map<number, RoundRecord>
  /** States that the worker can go to. */
  readonly trail: SnapshotTrail
  /** Those in the machine's cache; undefined where none is kept. */
  readonly stored: StoredTrail | undefined
}

type MinibatchReader = (address: MinibatchAddress) => ShownMinibatch

/** A worker can't go back: who steps back a round is soon asked for those before it. */
const mostRecords = 12
const recordsBudget = 64 * 2 ** 20
/** A record holds x and H, before and after. */
const recordsKept = (dim: number) =>
  Math.max(1, Math.min(mostRecords, Math.floor(recordsBudget / (16 * dim))))

/** Progress is reported at most this often. */
const progressEveryMs = 100
/** A replay that took no longer from one state to the next is quick enough without the cache. */
const storedEveryMs = 250

/** Coordinates of x and H shown as bars. */
const shownCoordinates = 32

export class RunWalks {
  readonly #host: EngineHost
  readonly #progressed: (folder: string, share: number) => void
  #opened: OpenedWalk | undefined
  #minibatches: { readonly folder: string; readonly of: MinibatchReader | undefined } | undefined
  /** Requests take turns, as there is one worker. */
  #turn: Promise<unknown> = Promise.resolve()

  /** @param progressed receives how much of a replay is done, 0 to 1, when it takes its time */
  constructor(host: EngineHost, progressed: (folder: string, share: number) => void = () => {}) {
    this.#host = host
    this.#progressed = progressed
  }

  /**
   * @param round zero-based, a finished round of the run
   * @param client one of its participants; if left out or if it took no part, the first who
   *   answered and is honest
   * @throws HisoError RUN_…; what the task may throw when its model or data are gone
   */
  walk(folder: string, round: number, client?: number): Promise<RoundWalk> {
    return this.#inTurn(async () => {
      // Who has put back what was missing finds it with the next question.
      if (this.#opened?.missing !== undefined) await this.#forget()
      const { opened, record, run } = await this.#recordOf(folder, round)
      const { participants } = record
      const walked =
        participants.find((it) => it.client === client) ??
        participants.find(({ answers, attacks }) => answers && !attacks) ??
        participants[0]!
      const { before, after } = record
      const positions = samplePositions(before.params.length, shownCoordinates)
      const sampled = (vector: Float32Array) => Float32Array.from(positions, (j) => vector[j]!)
      return {
        round,
        rounds: run.log.rounds,
        client: walked.client,
        participants: record.participants.map(participantOf),
        steps: stepsOf(record, opened.config, walked.client),
        fedAvgBytes: modelFrameBytes(round, 1, before.params.length),
        aggregates: aggregatesOf(record),
        dim: before.params.length,
        coordinates: {
          positions,
          paramsBefore: sampled(before.params),
          paramsAfter: sampled(after.params),
          hessianBefore: sampled(before.hessian),
          hessianAfter: sampled(after.hessian),
        },
      }
    })
  }

  /** The noise and the direction (k, p) of the round, on the tensor with the most parameters. */
  draw(
    folder: string,
    round: number,
    localStep: number,
    perturbation: number,
  ): Promise<DrawnDirection | undefined> {
    return this.#inTurn(async () => {
      const { opened, record } = await this.#recordOf(folder, round)
      const { method, opening, before } = record
      const { message } = decode(opening)
      if (method.protocol !== 'scalar' || message.type !== 'assignment') return undefined
      const dim = before.hessian.length
      const kernels = createKernels(4 * dim + 2 ** 16)
      const hessian = kernels.vector(dim)
      hessian.set(before.hessian)
      const { noise, direction } = drawDirection(kernels, method, hessian, opened.tensors, {
        seed: message.seed,
        perturbations: method.perturbations(round),
        localStep,
        perturbation,
      })
      const positions = samplePositions(dim, shownCoordinates)
      const sampled = (vector: Float32Array) => Float32Array.from(positions, (j) => vector[j]!)
      return {
        tensor: sampleTensor(opened.tensors, { noise, direction }),
        noise: sampled(noise),
        direction: sampled(direction),
      }
    })
  }

  /** A client's minibatch; undefined for tasks without samples. */
  readMinibatch(folder: string, address: MinibatchAddress): Promise<ShownMinibatch | undefined> {
    return this.#inTurn(async () => {
      if (this.#minibatches?.folder !== folder) {
        const config = await readRunConfig(this.#host, folder)
        await readForeign(this.#host, config)
        const of = await taskOf(config.task).minibatches?.(config, this.#host)
        this.#minibatches = { folder, of }
      }
      return this.#minibatches.of?.(address)
    })
  }

  async close(): Promise<void> {
    await this.#inTurn(() => this.#forget())
  }

  async #recordOf(
    folder: string,
    round: number,
  ): Promise<{ opened: OpenedWalk; record: RoundRecord; run: StoredModel }> {
    const run = await readStoredModel(this.#host, folder)
    if (round >= run.log.rounds)
      throw new HisoError('RUN_NOT_FOUND', {
        where: `${folder}, round ${round + 1}`,
        what: `the run has ${run.log.rounds} rounds so far`,
        remedy: 'Choose one of them',
      })
    const kept = isOf(this.#opened, folder, run) ? this.#opened : undefined
    const known = kept?.records.get(round)
    if (kept !== undefined && known !== undefined) return { opened: kept, record: known, run }
    const most = recordsKept(run.record.model.dim)
    const isStepBack = kept !== undefined && round < kept.rounds && kept.records.has(round + 1)
    // What a step back finds is all that came shortly before, too.
    const from = isStepBack ? Math.max(0, round - most + 2) : round
    const opened = await this.#openAt(folder, run, from)
    let record: RoundRecord | undefined
    for (let at = from; at <= round; at++) {
      record = await this.#record(opened, run, at)
      remember(opened.records, record, most)
    }
    return { opened, record: record!, run }
  }

  async #record(opened: OpenedWalk, run: StoredModel, round: number): Promise<RoundRecord> {
    // A failure leaves the worker at an unknown round.
    this.#opened = undefined
    const workerRounds = await this.#replay(opened, run.log, round)
    const record = await recordRound({
      config: run.config,
      dim: run.record.model.dim,
      log: run.log,
      round,
      worker: opened.worker,
      workerRounds,
      batchesPerCall: opened.batchesPerCall,
      pointsPerCall: opened.pointsPerCall,
      missing: opened.missing,
      answers: await this.#answersOf(opened.folder, round),
    })
    opened.rounds = round + 1
    this.#opened = opened
    return record
  }

  async #openAt(folder: string, run: StoredModel, round: number): Promise<OpenedWalk> {
    const kept = isOf(this.#opened, folder, run) ? this.#opened : undefined
    if (kept !== undefined) {
      const stands = kept.rounds <= round
      const isNearer = await goNearer(kept, run.log, round, stands ? kept.rounds : -1)
      if (stands || isNearer) return kept
    }
    const records = kept?.records ?? new Map<number, RoundRecord>()
    const { rounds } = run.config.federation
    await this.#forget()
    const { created } = run.record
    const own = { folder, created, config: run.config, rounds: 0, records }
    try {
      await readForeign(this.#host, run.config)
      const { worker, report } = await openWorker(run.config, this.#host)
      const { batchesPerCall, pointsPerCall, trainables } = report
      const size = { batchesPerCall, pointsPerCall }
      const trail = new SnapshotTrail(rounds, snapshotBytes((await worker.snapshot())!))
      const stored = isFrom(report.fingerprints, run)
        ? StoredTrail.of(this.#host, folder, run)
        : undefined
      const opened: OpenedWalk = {
        ...{ ...own, ...size, worker, trail, stored },
        ...{ tensors: trainables, missing: undefined },
      }
      await goNearer(opened, run.log, round, 0)
      return opened
    } catch (error) {
      // Vectors that go up and down are of the model's making: nothing of them is in the log.
      const { method, federation } = run.config
      if (!isGone(error) || movesVectors(method)) throw error
      // A mask is chosen by x, which nobody knows here.
      if (createMethod(method, federation.rounds).curvature.hessian === 'mask') throw error
      const { trainables, dim } = run.record.model
      const replica = openReplica(run.config, trainables, new Float32Array(dim))
      return {
        ...{ ...own, worker: createLogWorker(replica), batchesPerCall: 1, tensors: trainables },
        ...{ trail: new SnapshotTrail(rounds, Infinity), stored: undefined },
        missing: error.message,
      }
    }
  }

  /** Brings a worker up to a round, and leaves states on its way. @returns where it stands */
  async #replay(opened: OpenedWalk, log: ScalarLog, round: number): Promise<number> {
    const { worker, trail, stored, folder, rounds: from } = opened
    const host = this.#host
    let [reportedAt, storedAt] = [host.now(), host.now()]
    for (;;) {
      const isFar = stored !== undefined && host.now() - storedAt >= storedEveryMs
      const snapshot = isFar || trail.lacks(opened.rounds) ? await worker.snapshot() : undefined
      if (snapshot !== undefined) trail.keep(snapshot)
      if (isFar && snapshot !== undefined) {
        await stored.keep(snapshot, log)
        storedAt = host.now()
      }
      if (opened.rounds === round) return round
      const to = trail.next(opened.rounds, round)
      await worker.apply(log.slice(opened.rounds, to))
      opened.rounds = to
      if (host.now() - reportedAt < progressEveryMs) continue
      this.#progressed(folder, (to - from) / (round - from))
      reportedAt = host.now()
      await host.breathe()
    }
  }

  async #forget(): Promise<void> {
    const kept = this.#opened
    this.#opened = undefined
    await kept?.worker.close()
  }

  #answersOf(folder: string, round: number): Promise<Answer[]> {
    return readReplies(this.#host, folder, round, round + 1)
  }

  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const turn = this.#turn.then(work, work)
    this.#turn = turn.catch(() => {})
    return turn
  }
}

function isOf(
  opened: OpenedWalk | undefined,
  folder: string,
  { record }: StoredModel,
): opened is OpenedWalk {
  return opened?.folder === folder && opened.created === record.created
}

/**
 * Lets a worker go to the latest state after more than `after` rounds, up to a round. @returns
 * whether there was one
 */
async function goNearer(
  opened: OpenedWalk,
  log: ScalarLog,
  round: number,
  after: number,
): Promise<boolean> {
  if (after >= round) return false
  const near = opened.trail.before(round, after)
  const nearer = (await opened.stored?.latest(log, round, near?.rounds ?? after)) ?? near
  if (nearer === undefined || opened.worker.restore?.(nearer) !== true) return false
  opened.rounds = nearer.rounds
  return true
}

/** Whether the run began with this data and model: states of it are of no use for another. */
function isFrom(found: TaskFingerprints, { record }: StoredModel): boolean {
  const { dataset, model } = record.fingerprints
  return found.dataset === dataset && found.model === model
}

function remember(records: Map<number, RoundRecord>, record: RoundRecord, most: number): void {
  records.delete(record.round)
  records.set(record.round, record)
  const [oldest] = records.keys()
  if (records.size > most) records.delete(oldest!)
}

/** What a run began with may have been moved or deleted since. */
function isGone(error: unknown): error is HisoError {
  return error instanceof HisoError && /^(MODEL|DATA|FILE|HUB|PROVIDER)_/.test(error.code)
}

function participantOf(participant: RoundRecord['participants'][number]): WalkedParticipant {
  const { client, answers, attacks, missedRounds, catchUp, reply } = participant
  const message = reply && decode(reply).message
  return {
    client,
    answers,
    attacks,
    missedRounds,
    catchUpBytes: catchUp.bytes,
    replyBytes: reply?.length ?? 0,
    scalars: message?.type === 'reply' ? message.scalars : new Float32Array(),
  }
}

function aggregatesOf({ entry }: RoundRecord): Float32Array {
  const { message } = decode(entry)
  return message.type === 'entry' ? message.aggregates : new Float32Array()
}
