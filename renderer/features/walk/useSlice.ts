/** The slice through the loss that is on screen: asked for, under way, drawn, or cancelled. */
import { onScopeDispose, ref, shallowRef, watch, type ComputedRef } from 'vue'
import type { SliceAxes, SliceTrace } from '../../../core/engine/index.ts'
import { useEngine } from '../../stores/engine.ts'
import { enginePort } from '../../stores/ports.ts'
import { sentenceOf } from '../../components/asSentence.ts'

export interface SliceChoice {
  readonly folder: string
  readonly axes: SliceAxes
  readonly beside: string | undefined
}

export function useSlice(choice: ComputedRef<SliceChoice>) {
  const engine = useEngine()
  const trace = shallowRef<SliceTrace>()
  const problem = ref<string>()
  /** 0 to 1; undefined while nothing is drawn. */
  const share = ref<number>()
  let asked = 0

  onScopeDispose(
    enginePort().listen((events) => {
      for (const told of events)
        if ('folder' in told && told.folder === choice.value.folder)
          if (told.event.type === 'sliceProgressed' && share.value !== undefined)
            share.value = told.event.share
    }),
  )
  onScopeDispose(cancel)

  async function draw(): Promise<void> {
    const { folder, axes, beside } = choice.value
    const own = ++asked
    share.value = 0
    problem.value = undefined
    try {
      const order = { folder, axes, ...(beside !== undefined && { beside }) }
      const answer = await engine.request('traceSlice', order)
      if (own === asked && answer !== undefined) trace.value = answer
    } catch (thrown) {
      if (own === asked) problem.value = sentenceOf(thrown)
    } finally {
      if (own === asked) share.value = undefined
    }
  }

  function cancel(): void {
    if (share.value !== undefined)
      void engine.request('cancelSlice', { folder: choice.value.folder })
  }

  watch(
    choice,
    (next, before) => {
      // Another slice of the same run takes the place of the one under way by itself.
      if (before !== undefined && next.folder !== before.folder && share.value !== undefined)
        void engine.request('cancelSlice', { folder: before.folder })
      trace.value = undefined
      void draw()
    },
    { immediate: true },
  )

  return { trace, problem, share, draw, cancel }
}
