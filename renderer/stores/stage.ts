/**
 * What of the views is on stage: all of it, unless a lesson or a lecture shows a part. Views read
 * this; lessons and the presentation set it.
 */
import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import type { StageChart } from '../../core/lessons/index.ts'

export const useStage = defineStore('stage', () => {
  /** The charts of Watch that are seen; undefined shows all. */
  const charts = shallowRef<readonly StageChart[]>()
  /** How the axis of a loss counts here; undefined leaves it to the losses and to the reader. */
  const lossScale = ref<'linear' | 'log'>()
  /** What charts call runs, by folder; a run that is not in it is called as elsewhere. */
  const titles = shallowRef<ReadonlyMap<string, string>>(new Map())
  /** Whether toolbars, header and what else starts or changes something is there. */
  const hasControls = ref(true)
  /** Whether Walk shows the plane in place of the steps. */
  const isPlane = ref(false)
  /** A step that Walk is to show, zero-based; Walk takes it and clears it. */
  const step = ref<number>()
  /** Whether the page keys belong to a lesson: then views leave them alone. */
  const hasPages = ref(false)
  /** Whether a room looks on: everything without a use for it is hidden. */
  const isPresenting = ref(false)

  function clear(): void {
    charts.value = undefined
    lossScale.value = undefined
    titles.value = new Map()
    hasControls.value = true
    step.value = undefined
    isPlane.value = false
  }

  return {
    ...{ charts, lossScale, titles, hasControls, step, hasPages, isPresenting, isPlane },
    clear,
  }
})
