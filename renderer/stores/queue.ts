/**
 * The batch: runs that wait, play a few at a time, and are done. Each starts through the engine
 * like any other run.
 */
import { defineStore } from 'pinia'
import { computed, shallowRef, watch } from 'vue'
import type { RunConfig } from '../../core/config/index.ts'
import { useEngine } from './engine.ts'
import { isLive, type OpenRun } from './openRun.ts'
import { remembered } from './remembered.ts'
import { useRunNames } from './runNames.ts'
import { useRuns } from './runs.ts'

type QueueState = 'waiting' | 'starting' | 'running' | 'finished' | 'failed' | 'stopped'

export interface QueuedRun {
  readonly id: number
  readonly config: RunConfig
  readonly state: QueueState
  readonly folder: string | undefined
  /** How it ended: an ended run need not stay open. */
  readonly end?: {
    readonly rounds: number
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

  function add(configs: readonly RunConfig[]): void {
    const added = configs.map((config): QueuedRun => {
      return { id: next++, config, state: 'waiting', folder: undefined }
    })
    items.value = [...items.value, ...added]
    // What waits has its name already, so that no name changes while a batch plays.
    names.learn(
      added.map(({ id, config }) => ({
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

  async function stopAll(): Promise<void> {
    isPlaying.value = false
    stops++
    const folders = playing.value.flatMap(({ folder }) => folder ?? [])
    take(items.value.filter(({ state }) => state !== 'waiting'))
    await Promise.all(folders.map((folder) => runs.control(folder, 'stop')))
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
    names.forget(gone.filter(({ folder }) => folder === undefined).map(({ id }) => keyOf(id)))
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

  async function begin({ id, config }: QueuedRun): Promise<void> {
    const before = stops
    const folder = await runs.start(sharing(config))
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

  /** Runs side by side share the cores; the bits are the same for any number of workers. */
  function sharing(config: RunConfig): RunConfig {
    if (config.compute.workers !== 'auto' || atOnce.value === 1) return config
    const workers = Math.max(1, Math.floor(cores.value / atOnce.value))
    return { ...config, compute: { ...config.compute, workers } }
  }

  function settle(run: OpenRun): void {
    const item = items.value.find(({ folder }) => folder === run.folder)
    if (item === undefined) return
    const state = run.state === 'finished' || run.state === 'failed' ? run.state : 'stopped'
    const end = {
      rounds: run.rounds,
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
    add,
    play,
    hold,
    stopAll,
    remove,
    clearDone,
  }
})

/** Of a run that has no folder yet, among the names of runs. */
function keyOf(id: number): string {
  return `queue:${id}`
}
