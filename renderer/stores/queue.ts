/**
 * The batch: runs that wait, play a few at a time, and are done. Each starts through the engine
 * like any other run.
 */
import { defineStore } from 'pinia'
import { computed, shallowRef, watch } from 'vue'
import type { RunConfig } from '../../core/config/index.ts'
import type { RunListing } from '../../core/engine/index.ts'
import { useEngine } from './engine.ts'
import { isLive, type OpenRun } from './openRun.ts'
import { remembered } from './remembered.ts'
import { useRunNames } from './runNames.ts'
import { useRuns } from './runs.ts'

export type QueueState = 'waiting' | 'starting' | 'running' | 'finished' | 'failed' | 'stopped'

export interface QueuedRun {
  readonly id: number
  readonly config: RunConfig
  readonly state: QueueState
  readonly folder: string | undefined
  /** Those that were queued together. */
  readonly batch: number
  /** How it ended: an ended run need not stay open. */
  readonly end?: {
    readonly rounds: number
    readonly elapsedMs: number
    readonly accuracy: number | undefined
    /** Why it failed. */
    readonly reason: string | undefined
  }
}

export const useQueue = defineStore('queue', () => {
  const runs = useRuns()
  const engine = useEngine()
  const names = useRunNames()
  const items = shallowRef<readonly QueuedRun[]>([])
  const isPlaying = shallowRef(false)
  /** Runs at once; 0 is as many as the machine has cores for. */
  const parallel = remembered('queue.parallel', 0)
  let next = 1
  let batches = 0
  /** How often all was stopped: what was starting then is stopped once it has started. */
  let stops = 0

  const cores = computed(() => engine.machine?.cores ?? 2)
  const atOnce = computed(() => parallel.value || Math.max(1, Math.floor(cores.value / 2)))
  const waiting = computed(() => items.value.filter(({ state }) => state === 'waiting'))
  const playing = computed(() =>
    items.value.filter(({ state }) => state === 'running' || state === 'starting'),
  )
  const done = computed(() =>
    items.value.filter(({ state }) => ['finished', 'failed', 'stopped'].includes(state)),
  )

  runs.onEnded(settle)
  watch(atOnce, pump)

  /** @param ready runs of the library that are the results of some of them */
  function add(
    configs: readonly RunConfig[],
    ready: ReadonlyMap<RunConfig, RunListing> = new Map(),
  ): void {
    const batch = ++batches
    const added = configs.map((config): QueuedRun => {
      const common = { id: next++, config, batch }
      const result = ready.get(config)
      if (result === undefined) return { ...common, state: 'waiting', folder: undefined }
      const { rounds, totals, latest } = result.record
      const end = {
        ...{ rounds, elapsedMs: totals.elapsedMs, accuracy: latest.testAccuracy },
        reason: undefined,
      }
      return { ...common, state: 'finished', folder: result.folder, end }
    })
    items.value = [...items.value, ...added]
    // What waits has its name already, so that no name changes while a batch plays.
    names.learn(
      added.filter(isUnbegun).map(({ id, config }) => ({
        key: keyOf(id),
        config,
        title: undefined,
        created: Infinity,
      })),
    )
    pump()
  }

  /** What a run of the batch is called, like everywhere else. */
  function nameOf({ id, folder, config }: QueuedRun): string {
    return names.of(folder ?? keyOf(id)) ?? config.name
  }

  function play(): void {
    isPlaying.value = true
    pump()
  }

  /** Those that play go on, no further one begins. */
  function hold(): void {
    isPlaying.value = false
  }

  /**
   * Stops what plays, and lets what waits wait no more: all of it counts as stopped.
   * @returns goes on with what was stopped
   */
  async function stopAll(): Promise<() => Promise<void>> {
    isPlaying.value = false
    stops++
    const stopped = [...waiting.value, ...playing.value].map(({ id }) => id)
    for (const { id } of waiting.value) update(id, { state: 'stopped' })
    const folders = playing.value.flatMap(({ folder }) => folder ?? [])
    await Promise.all(folders.map((folder) => runs.control(folder, 'stop')))
    return () => goOn(stopped)
  }

  async function goOn(ids: readonly number[]): Promise<void> {
    const stopped = items.value.filter(({ id, state }) => ids.includes(id) && state === 'stopped')
    // Seen at once: resuming takes a moment, and what waits is behind it.
    for (const { id, folder } of stopped)
      update(id, { state: folder === undefined ? 'waiting' : 'starting' })
    isPlaying.value = true
    await Promise.all(
      stopped.flatMap(({ id, folder }) => (folder === undefined ? [] : [resume(id, folder)])),
    )
    play()
  }

  async function resume(id: number, folder: string): Promise<void> {
    const isGoing = await runs.resume(folder)
    const now = items.value.find((item) => item.id === id)
    // It may have come to its end meanwhile.
    if (now?.state === 'starting') update(id, { state: isGoing ? 'running' : 'stopped' })
  }

  function remove(id: number): void {
    take(items.value.filter((item) => item.id !== id || playing.value.includes(item)))
  }

  function clearDone(): void {
    take(items.value.filter((item) => !done.value.includes(item)))
  }

  /** Keeps these; what never began takes its name with it. */
  function take(kept: readonly QueuedRun[]): void {
    const gone = items.value.filter((item) => !kept.includes(item))
    names.forget(gone.filter(isUnbegun).map(({ id }) => keyOf(id)))
    items.value = kept
  }

  /** Begins as many as may play at once. */
  function pump(): void {
    while (isPlaying.value && playing.value.length < atOnce.value) {
      const item = waiting.value[0]
      if (item === undefined) break
      update(item.id, { state: 'starting' })
      void begin(item)
    }
    if (items.value.length > 0 && waiting.value.length === 0 && playing.value.length === 0)
      isPlaying.value = false
  }

  /** @param beside runs side by side */
  async function begin({ id, config }: QueuedRun, beside = atOnce.value): Promise<void> {
    const before = stops
    const folder = await runs.start(sharing(config, beside))
    if (folder === undefined) {
      update(id, { state: 'failed' })
      // What stops one from starting - a full disk, a missing file - mostly stops the others: the
      // notice says what, and nothing is lost.
      hold()
      return
    }
    update(id, { folder, state: 'running' })
    names.forget([keyOf(id)])
    if (stops !== before) await runs.control(folder, 'stop')
    const run = runs.open.get(folder)
    if (run !== undefined && run.state !== 'loading' && !isLive(run)) settle(run)
  }

  /**
   * Starts some at once, however many may play side by side: what is to be seen beside each other.
   * @returns the folders of those that have begun
   */
  async function playTogether(configs: readonly RunConfig[]): Promise<string[]> {
    const batch = ++batches
    const added = configs.map((config): QueuedRun => {
      return { id: next++, config, batch, state: 'starting', folder: undefined }
    })
    items.value = [...items.value, ...added]
    await Promise.all(added.map((item) => begin(item, added.length)))
    const ids = new Set(added.map(({ id }) => id))
    return items.value.flatMap(({ id, folder }) => (ids.has(id) && folder) || [])
  }

  /** Runs side by side share the cores; the bits are the same for any number of workers. */
  function sharing(config: RunConfig, beside = atOnce.value): RunConfig {
    if (config.compute.workers !== 'auto' || beside === 1) return config
    const workers = Math.max(1, Math.floor(cores.value / beside))
    return { ...config, compute: { ...config.compute, workers } }
  }

  function settle(run: OpenRun): void {
    const item = items.value.find(({ folder }) => folder === run.folder)
    if (item === undefined) return
    const state = run.state === 'finished' || run.state === 'failed' ? run.state : 'stopped'
    const end = {
      rounds: run.rounds,
      elapsedMs: run.series.latest('elapsedMs') ?? 0,
      accuracy: run.series.latest('testAccuracy'),
      reason: run.record?.error?.message,
    }
    update(item.id, { state, end })
    pump()
  }

  function update(id: number, change: Partial<QueuedRun>): void {
    items.value = items.value.map((item) => (item.id === id ? { ...item, ...change } : item))
  }

  return {
    items,
    isPlaying,
    parallel,
    atOnce,
    cores,
    waiting,
    playing,
    done,
    nameOf,
    sharing,
    playTogether,
    add,
    play,
    hold,
    stopAll,
    remove,
    clearDone,
  }
})

function isUnbegun({ folder }: QueuedRun): boolean {
  return folder === undefined
}

/** Of a run that has no folder yet, among the names of runs. */
function keyOf(id: number): string {
  return `queue:${id}`
}
