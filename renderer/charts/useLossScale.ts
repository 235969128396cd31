/**
 * The scale of a loss's axis: the one that a lesson asks for, else a person's choice, else the one
 * that shows what there is.
 */
import { computed, type WritableComputedRef } from 'vue'
import { lossScaleOf } from '../../figures/index.ts'
import { remembered } from '../stores/remembered.ts'
import { useStage } from '../stores/stage.ts'

/**
 * @param key under which a choice is remembered
 * @param losses that are drawn, NaN where nothing was measured; none where no loss is
 */
export function useLossScale(
  key: string,
  losses: () => readonly Float64Array[],
): WritableComputedRef<'linear' | 'log'> {
  const chosen = remembered<'auto' | 'linear' | 'log'>(key, 'auto')
  const telling = computed(() => lossScaleOf(...losses()))
  const stage = useStage()
  return computed({
    get: () => stage.lossScale ?? (chosen.value === 'auto' ? telling.value : chosen.value),
    set: (scale) => {
      // A lesson's scale is no choice of this person's to remember.
      if (stage.lossScale === undefined) chosen.value = scale
      else stage.lossScale = scale
    },
  })
}
