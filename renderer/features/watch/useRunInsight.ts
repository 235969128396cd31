/**
 * What the log of the shown run tells: scalars, Hessian, participation. Asked for while Watch is on
 * screen, and again as the run goes on.
 */
import { onScopeDispose, shallowRef, watch, type ComputedRef, type Ref, type ShallowRef } from 'vue'
import type { Attendees, HessianSnapshot, ScalarSpread } from '../../../core/engine/index.ts'
import { sentenceOf } from '../../components/index.ts'
import { learnsHessian } from '../../config/methodChoices.ts'
import { useEngine } from '../../stores/engine.ts'
import { isLive, type OpenRun } from '../../stores/openRun.ts'
import { joinSnapshots } from './hessianHistory.ts'
import { type ParticipationRounds, roundsHeld } from '../../../figures/index.ts'
import { joinParticipation, joinScalars } from './scalarHistory.ts'

const pollMs = 1000
const snapshotCount = 48
/**
 * Looking takes the run's own time, between two rounds; reading and replaying take another
 * thread's.
 * Each may take this share of the time at most.
 */
const readShare = 1 / 50
/** But charts stay behind the figures by this time at most, as far as this share allows it. */
const mostBehindMs = 3000
const mostShare = 1 / 4
/**
 * Beyond this many coordinates H is not asked of a run that goes on: sorting them would hold it up.
 */
const mostLiveDim = 2 ** 22

export interface RunInsight {
  readonly scalars: ShallowRef<ScalarSpread | undefined>
  /** How many rounds scalars and participation tell of. */
  readonly rounds: ShallowRef<number>
  readonly participation: ShallowRef<ParticipationRounds | undefined>
  readonly snapshots: ShallowRef<readonly HessianSnapshot[]>
  /** Undefined for a simulation. */
  readonly attendees: ShallowRef<Attendees | undefined>
  /** Rises when any of them changed. */
  readonly version: ShallowRef<number>
  readonly isReplaying: ShallowRef<boolean>
  /** Why there is nothing of the log to show; undefined while it can be read. */
  readonly problem: ShallowRef<string | undefined>
}

export function useRunInsight(
  run: ComputedRef<OpenRun | undefined>,
  isShown: Ref<boolean>,
): RunInsight {
  const engine = useEngine()
  const scalars = shallowRef<ScalarSpread>()
  const rounds = shallowRef(0)
  const participation = shallowRef<ParticipationRounds>()
  const attendees = shallowRef<Attendees>()
  const snapshots = shallowRef<readonly HessianSnapshot[]>([])
  const version = shallowRef(0)
  const isReplaying = shallowRef(false)
  const problem = shallowRef<string>()
  /**
   * What was read so far; replaced with the run, so that late answers find out that nobody wants
   * them.
   */
  let progress = newProgress()

  function forget(): void {
    progress = newProgress()
    scalars.value = undefined
    rounds.value = 0
    participation.value = undefined
    attendees.value = undefined
    snapshots.value = []
    isReplaying.value = false
    problem.value = undefined
    version.value++
  }

  async function readRounds(of: OpenRun): Promise<void> {
    const own = progress
    const to = of.rounds
    const isTooSoon = of.state === 'running' && performance.now() < own.nextRead
    if (own.isReading || to <= own.rounds || isTooSoon) return
    own.isReading = true
    const started = performance.now()
    const from = Math.max(own.rounds, to - roundsHeld)
    const oldest = to - roundsHeld
    try {
      const range = { folder: of.folder, from, to }
      const { folder } = of
      const [newScalars, newRounds, newAttendees] = await Promise.all([
        engine.request('readScalars', range),
        engine.request('readParticipation', range),
        engine.request('readAttendees', { folder }),
      ])
      if (own !== progress) return
      scalars.value = joinScalars(scalars.value, newScalars, oldest)
      participation.value = joinParticipation(participation.value, newRounds, from, oldest)
      attendees.value = newAttendees
      own.rounds = to
      rounds.value = to
      problem.value = undefined
      version.value++
    } finally {
      own.isReading = false
      own.nextRead = later(own.since, performance.now() - started)
    }
  }

  const canFollow = (of: OpenRun) => isLive(of) && (of.record?.model.dim ?? Infinity) <= mostLiveDim

  /** Asks a worker of the run for its H: that needs no replay, and keeps up with any pace. */
  async function followHessian(of: OpenRun): Promise<void> {
    const own = progress
    const isTooSoon = of.state === 'running' && performance.now() < own.nextLook
    if (!canFollow(of) || own.isLooking || of.rounds <= own.lookedRounds || isTooSoon) return
    own.isLooking = true
    try {
      const learned = await engine.request('readLiveHessian', { folder: of.folder })
      if (own !== progress || learned === undefined) return
      own.lookedRounds = learned.snapshot.rounds
      own.nextLook = later(own.since, learned.tookMs)
      snapshots.value = joinSnapshots(snapshots.value, [learned.snapshot])
      version.value++
    } finally {
      own.isLooking = false
    }
  }

  /**
   * The whole past at once: when a run is over, when one is opened that goes on, and now and then
   * where it can't be followed.
   */
  async function replayHessian(of: OpenRun): Promise<void> {
    const own = progress
    const isEnded = !canFollow(of) && of.state !== 'running'
    const growth = canFollow(of) ? Infinity : isEnded ? 1 : 1.15
    const isWorthwhile =
      of.rounds > 0 && (own.snapshotRounds === 0 || of.rounds >= own.snapshotRounds * growth + 1)
    const isTooSoon = !isEnded && performance.now() < own.nextReplay
    if (isReplaying.value || !isWorthwhile || isTooSoon) return
    isReplaying.value = true
    const started = performance.now()
    const rounds = of.rounds
    try {
      const read = await engine.request('readHessian', {
        folder: of.folder,
        snapshots: snapshotCount,
      })
      if (own !== progress) return
      snapshots.value = joinSnapshots(read, snapshots.value)
      own.snapshotRounds = rounds
      problem.value = undefined
      version.value++
    } finally {
      if (own === progress) isReplaying.value = false
      const took = performance.now() - started
      own.nextReplay = performance.now() + (isEnded ? 0 : took / readShare)
    }
  }

  /**
   * A run that can't be read now, because it is being moved or the engine restarts, is asked again
   * later.
   */
  function read(): void {
    const of = run.value
    if (of === undefined || !isShown.value || document.hidden) return
    const own = progress
    const fail = (thrown: unknown) => {
      if (own === progress) problem.value = sentenceOf(thrown)
    }
    readRounds(of).catch(fail)
    if (!learnsHessian(of.config)) return
    followHessian(of).catch(fail)
    replayHessian(of).catch(fail)
  }

  watch(
    () => run.value?.folder,
    () => {
      forget()
      read()
    },
    { immediate: true },
  )
  const pausedAt = () => run.value?.state === 'paused' && run.value.rounds
  watch([isShown, () => run.value?.state, () => run.value?.config, pausedAt], read)
  const timer = setInterval(read, pollMs)
  onScopeDispose(() => clearInterval(timer))

  return { scalars, rounds, participation, attendees, snapshots, version, isReplaying, problem }
}

/**
 * When something that took so long may be done again. The first times take longest, in an engine
 * that is just beginning: they wait for less.
 */
function later(since: number, tookMs: number): number {
  const now = performance.now()
  const wait = Math.min(tookMs / readShare, Math.max(mostBehindMs, tookMs / mostShare))
  return now + Math.min(wait, now - since)
}

/** What was read of a run so far, and when it may be read again. */
const newProgress = () => ({
  since: performance.now(),
  rounds: 0,
  nextRead: 0,
  isReading: false,
  lookedRounds: 0,
  nextLook: 0,
  isLooking: false,
  snapshotRounds: 0,
  nextReplay: 0,
})
