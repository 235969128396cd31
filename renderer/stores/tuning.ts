/**
 * The search of learning rates that Batch shows: what is there of it, under way, cancelled, failed
 * or found. It goes on while another view is shown.
 */
import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import type { RunConfig } from '../../core/config/index.ts'
import type { EngineEvent, TunedMethod, Tuning, TuningRequest } from '../../core/engine/index.ts'
import { useDraft } from './draft.ts'
import { useEngine } from './engine.ts'
import { useStarting } from './starting.ts'
import { enginePort } from './ports.ts'
import { remembered } from './remembered.ts'
import { useWorkspace } from './workspace.ts'
import { sentenceOf } from '../components/asSentence.ts'

export const useTuning = defineStore('tuning', () => {
  const engine = useEngine()
  /** What Batch is about: combinations of values, or a search of rates. */
  const batchKind = remembered<'combinations' | 'rates'>('batch.kind', 'combinations')
  const found = shallowRef<Tuning>()
  /** 0 to 1. */
  const share = shallowRef(0)
  /** What was wrong, where, and what to do. */
  const error = shallowRef<string>()
  const isRunning = shallowRef(false)
  const isCancelling = shallowRef(false)
  const msLeft = shallowRef<number>()
  /** Whose answer is waited for: one that was asked for before the newest is not shown. */
  let newest = 0
  const isOver = computed(() => found.value?.share === 1)

  async function start(request: TuningRequest): Promise<void> {
    if (isRunning.value) return
    const own = ++newest
    isRunning.value = true
    isCancelling.value = false
    error.value = undefined
    msLeft.value = undefined
    const startedAt = performance.now()
    /** What was played before is there at once: it says nothing about the time that is left. */
    let first: number | undefined
    const stop = enginePort().listen((events: readonly EngineEvent[]) => {
      for (const told of events) {
        if (!('searched' in told)) continue
        share.value = told.searched
        found.value = told.found ?? found.value
        first ??= told.searched
        const elapsed = performance.now() - startedAt
        if (elapsed > 1000 && told.searched > first)
          msLeft.value = (elapsed / (told.searched - first)) * (1 - told.searched)
      }
    })
    try {
      const answer = await engine.request('tune', request)
      if (own === newest) take(answer)
    } catch (thrown) {
      error.value = sentenceOf(thrown)
    } finally {
      stop()
      isRunning.value = false
      isCancelling.value = false
    }
  }

  /** Shows what is there of a search, unless one is under way; undefined shows none. */
  async function look(request: TuningRequest | undefined): Promise<void> {
    if (isRunning.value) return
    const own = ++newest
    error.value = undefined
    if (request === undefined) {
      take(undefined)
      return
    }
    const answer = await engine.request('readTuning', request).catch(() => undefined)
    if (own === newest) take(answer)
  }

  function take(tuning: Tuning | undefined): void {
    found.value = tuning
    share.value = tuning?.share ?? 0
  }

  /** `start` then ends with what was found; the same search continues from there. */
  async function cancel(): Promise<void> {
    if (!isRunning.value) return
    isCancelling.value = true
    try {
      await engine.request('cancelTuning')
    } catch (thrown) {
      isCancelling.value = false
      error.value = sentenceOf(thrown)
    }
  }

  /** Puts a method with what was found for it into the form; can be undone there. */
  function use({ best }: TunedMethod): void {
    if (best === undefined) return
    const draft = useDraft()
    draft.replace({ ...draft.lastValid, method: best.config.method })
    useWorkspace().show('configure')
  }

  /** Plays every method with what was found for it, side by side. */
  async function playBest(): Promise<void> {
    const configs = (found.value?.methods ?? []).flatMap(({ config, best }): RunConfig[] =>
      best === undefined ? [] : [{ ...config, method: best.config.method }],
    )
    await useStarting().play(configs)
  }

  return {
    ...{ batchKind, found, share, error, isRunning, isCancelling, isOver, msLeft },
    ...{ start, look, cancel, use, playBest },
  }
})
