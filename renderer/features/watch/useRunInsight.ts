/** What the log of the shown run tells: scalars, Hessian, participation. Asked for while Watch is on screen, and again as the run goes on. */
import { onScopeDispose, shallowRef, watch, type ComputedRef, type Ref, type ShallowRef } from 'vue'
import type { HessianSnapshot, ScalarSpread } from '../../../core/engine/index.ts'
import { learnsHessian } from '../../config/methodFamilies.ts'
import { useEngine } from '../../stores/engine.ts'
import type { OpenRun } from '../../stores/openRun.ts'
import type { ParticipationRounds } from './rasters.ts'
import { joinParticipation, joinScalars, roundsHeld } from './scalarHistory.ts'

const pollMs = 1000
const snapshotCount = 48
/** The engine reads and replays between rounds: each of the two may take this share of the time at most. */
const readShare = 1 / 50

export interface RunInsight {
  readonly scalars: ShallowRef<ScalarSpread | undefined>
  readonly participation: ShallowRef<ParticipationRounds | undefined>
  readonly snapshots: ShallowRef<readonly HessianSnapshot[]>
  /** Rises when any of them changed. */
  readonly version: ShallowRef<number>
  readonly isReplaying: ShallowRef<boolean>
}

export function useRunInsight(
  run: ComputedRef<OpenRun | undefined>,
  isShown: Ref<boolean>,
): RunInsight {
  const engine = useEngine()
  const scalars = shallowRef<ScalarSpread>()
  const participation = shallowRef<ParticipationRounds>()
  const snapshots = shallowRef<readonly HessianSnapshot[]>([])
  const version = shallowRef(0)
  const isReplaying = shallowRef(false)
  /** What was read so far; replaced with the run, so that late answers find out that nobody wants them. */
  let progress = { rounds: 0, nextRead: 0, snapshotRounds: 0, nextReplay: 0, isReading: false }

  function forget(): void {
    progress = { rounds: 0, nextRead: 0, snapshotRounds: 0, nextReplay: 0, isReading: false }
    scalars.value = undefined
    participation.value = undefined
    snapshots.value = []
    isReplaying.value = false
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
      const [newScalars, newRounds] = await Promise.all([
        engine.request('readScalars', range),
        engine.request('readParticipation', range),
      ])
      if (own !== progress) return
      scalars.value = joinScalars(scalars.value, newScalars, oldest)
      participation.value = joinParticipation(participation.value, newRounds, from, oldest)
      own.rounds = to
      version.value++
    } finally {
      own.isReading = false
      own.nextRead = performance.now() + (performance.now() - started) / readShare
    }
  }

  async function readHessian(of: OpenRun): Promise<void> {
    const own = progress
    const isEnded = of.state !== 'running'
    const isWorthwhile = of.rounds >= own.snapshotRounds * (isEnded ? 1 : 1.15) + 1
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
      snapshots.value = read
      own.snapshotRounds = rounds
      version.value++
    } finally {
      if (own === progress) isReplaying.value = false
      const took = performance.now() - started
      own.nextReplay = performance.now() + (isEnded ? 0 : took / readShare)
    }
  }

  /** A run that can't be read now, because it is being moved or the engine restarts, is asked again later. */
  function read(): void {
    const of = run.value
    if (of === undefined || !isShown.value || document.hidden) return
    readRounds(of).catch(() => {})
    if (learnsHessian(of.config)) readHessian(of).catch(() => {})
  }

  watch(
    () => run.value?.folder,
    () => {
      forget()
      read()
    },
    { immediate: true },
  )
  watch([isShown, () => run.value?.state, () => run.value?.config], read)
  const timer = setInterval(read, pollMs)
  onScopeDispose(() => clearInterval(timer))

  return { scalars, participation, snapshots, version, isReplaying }
}
