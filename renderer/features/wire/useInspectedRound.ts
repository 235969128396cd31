/**
 * The messages of the round that Wire shows: a chosen one, or the newest, followed at a pace that
 * people can read.
 */
import { computed, shallowRef, watch, type Ref } from 'vue'
import type { CatchUpCost, InspectedMessage, RoundTimeline } from '../../../core/engine/index.ts'
import { haveNetwork } from '../../../figures/index.ts'
import { useEngine } from '../../stores/engine.ts'
import { useWorkspace } from '../../stores/workspace.ts'
import { sentenceOf } from '../../components/asSentence.ts'

const followMs = 500

export function useInspectedRound(isShown: Ref<boolean>) {
  const workspace = useWorkspace()
  const engine = useEngine()
  const run = computed(() => workspace.currentRun)
  /** Zero-based. */
  const round = computed(() => {
    const last = (run.value?.rounds ?? 0) - 1
    return Math.max(0, Math.min(workspace.inspectedRound ?? last, last))
  })
  const messages = shallowRef<readonly InspectedMessage[]>([])
  /** Of the same round, on a simulated network. */
  const timeline = shallowRef<RoundTimeline>()
  /** Of the same round. */
  const catchUpCost = shallowRef<CatchUpCost>()
  /** The round that `messages` are of; undefined until one of the shown run has been read. */
  const shownRound = shallowRef<number>()
  const problem = shallowRef<string>()
  let asked = 0
  /** One at a time: where rounds come faster than they are read, no answer would be the last. */
  let isReading = false
  let nextFollow = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  async function read(): Promise<void> {
    const of = run.value
    const wanted = round.value
    if (of === undefined || of.rounds === 0) {
      messages.value = []
      shownRound.value = undefined
      return
    }
    const own = ++asked
    isReading = true
    nextFollow = performance.now() + followMs
    const { folder, config } = of
    try {
      const hasNetwork = config !== undefined && haveNetwork([config])
      const [read, times, cost] = await Promise.all([
        engine.request('inspectRound', { folder, round: wanted }),
        hasNetwork ? engine.request('readTimeline', { folder, round: wanted }) : undefined,
        engine.request('readCatchUpCost', { folder, round: wanted }),
      ])
      if (own !== asked) return
      messages.value = read
      timeline.value = times
      catchUpCost.value = cost
      shownRound.value = wanted
      problem.value = undefined
    } catch (thrown) {
      if (own !== asked) return
      messages.value = []
      problem.value = sentenceOf(thrown)
    } finally {
      isReading = false
      if (folder !== run.value?.folder || wanted !== round.value) readSoon()
    }
  }

  function readSoon(): void {
    if (!isShown.value || isReading || timer !== undefined) return
    const wait = workspace.inspectedRound === undefined ? nextFollow - performance.now() : 0
    timer = setTimeout(
      () => {
        timer = undefined
        void read()
      },
      Math.max(0, wait),
    )
  }

  /**
   * Messages of one run must not stand under the name of another, however long its round takes to
   * rebuild.
   */
  function forget(): void {
    asked++
    messages.value = []
    timeline.value = undefined
    catchUpCost.value = undefined
    shownRound.value = undefined
    problem.value = undefined
  }

  watch(() => run.value?.folder, forget, { flush: 'sync' })
  watch([() => run.value?.folder, round, isShown], readSoon, { immediate: true })

  return { run, round, messages, timeline, catchUpCost, shownRound, problem }
}
