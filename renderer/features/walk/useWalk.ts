/**
 * The walk on screen: which round, which client, which step; forward, backward, played. Steps are
 * all there when a round has been read, so a step is only another index.
 */
import { computed, onScopeDispose, ref, shallowRef, watch, type Ref } from 'vue'
import type { RoundWalk } from '../../../core/engine/index.ts'
import { useEngine } from '../../stores/engine.ts'
import { enginePort } from '../../stores/ports.ts'
import { useStage } from '../../stores/stage.ts'
import { useWorkspace } from '../../stores/workspace.ts'
import { sentenceOf } from '../../components/asSentence.ts'

/** Milliseconds that a step stays while the walk is played. */
const playedStepMs = 2200

export function useWalk(isShown: Ref<boolean>) {
  const workspace = useWorkspace()
  const engine = useEngine()
  const stage = useStage()
  const run = computed(() => workspace.currentRun)
  const round = computed(() => {
    const last = (run.value?.rounds ?? 0) - 1
    return Math.max(0, Math.min(workspace.inspectedRound ?? last, last))
  })
  /** Zero-based; undefined takes the round's first participant. */
  const client = ref<number>()
  const walk = shallowRef<RoundWalk>()
  const problem = shallowRef<string>()
  const isReading = ref(false)
  /** Of the replay on the way to the round, 0 to 1; undefined before it says. */
  const share = ref<number>()
  const at = ref(0)
  const isPlaying = ref(false)
  let asked = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  async function read(): Promise<void> {
    const of = run.value
    if (of === undefined || of.rounds === 0 || !isShown.value) return
    const own = ++asked
    isReading.value = true
    share.value = undefined
    try {
      const answer = await engine.request('readWalk', {
        folder: of.folder,
        round: round.value,
        ...(client.value !== undefined && { client: client.value }),
      })
      if (own !== asked) return
      walk.value = answer
      problem.value = undefined
      at.value = Math.min(stage.step ?? at.value, answer.steps.length - 1)
      stage.step = undefined
    } catch (thrown) {
      if (own !== asked) return
      walk.value = undefined
      problem.value = sentenceOf(thrown)
    } finally {
      if (own === asked) isReading.value = false
    }
  }

  onScopeDispose(
    enginePort().listen((events) => {
      for (const told of events)
        if ('folder' in told && told.folder === run.value?.folder && isReading.value)
          if (told.event.type === 'walkProgressed') share.value = told.event.share
    }),
  )

  /** A live run goes on meanwhile: the walk stays in the round that it is in. */
  watch(
    isShown,
    (shown) => {
      if (shown && run.value !== undefined) workspace.inspectedRound ??= round.value
      if (!shown) isPlaying.value = false
    },
    { immediate: true },
  )
  watch(
    () => run.value?.folder,
    () => {
      asked++
      walk.value = undefined
      problem.value = undefined
      at.value = 0
      client.value = undefined
    },
    { flush: 'sync' },
  )
  watch(
    [() => run.value?.folder, round, client, isShown, () => (run.value?.rounds ?? 0) > 0],
    () => void read(),
    { immediate: true },
  )

  // A round that is there already needs no reading.
  watch(
    () => stage.step,
    (asked) => {
      if (asked === undefined || walk.value === undefined || isReading.value) return
      go(asked)
      stage.step = undefined
    },
  )

  const step = computed(() => walk.value?.steps[at.value])

  function go(to: number): void {
    const last = (walk.value?.steps.length ?? 1) - 1
    at.value = Math.max(0, Math.min(last, to))
    if (at.value === last) isPlaying.value = false
  }

  function tick(): void {
    go(at.value + 1)
    if (isPlaying.value) timer = setTimeout(tick, playedStepMs)
  }
  watch(isPlaying, (plays) => {
    clearTimeout(timer)
    if (!plays) return
    if (at.value === (walk.value?.steps.length ?? 1) - 1) at.value = 0
    timer = setTimeout(tick, playedStepMs)
  })
  onScopeDispose(() => clearTimeout(timer))

  return { run, round, client, walk, problem, isReading, share, at, step, isPlaying, go }
}
